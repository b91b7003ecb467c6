/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The hosts of which the tests draw pictures: each is the same whenever it is made. */

#include "model/model.h"

struct picture_host {
	const char *name;
	const char *what;
	/* The caller owns the reference. Fails the test if it cannot be made. */
	const struct model *(*make)(void);
};

enum { PICTURE_HOSTS = 7 };

/* A host by its name; fails the test if there is none. */
const struct model *picture_host_make(const char *name);

extern const struct picture_host picture_hosts[PICTURE_HOSTS];
