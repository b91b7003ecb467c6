/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/detail/page.h"

/* Writes the page of a process. */
void page_process_write(struct detail *detail);
