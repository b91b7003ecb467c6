/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/detail/page.h"

/* Writes the page of a namespace, without its processes. */
void page_ns_write(struct detail *detail);
