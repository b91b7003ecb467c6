/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"

/* The network picture (view/net_layout.h) as SVG. */
void svg_net_write(FILE *out, const struct export_request *request);
