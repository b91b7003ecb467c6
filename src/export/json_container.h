/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/json_write.h"
#include "model/model.h"

/* Writes what identifies a container, and what it is called, as an object; null for NULL. */
void json_container_write(struct json_writer *w, const struct container *container);

/* Keys with values, as in the objects of snapshots. */
void json_container_string(struct json_writer *w, const char *key, const char *s);
void json_container_number(struct json_writer *w, const char *key, uint64_t number);
