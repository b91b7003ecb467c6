/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel.h"

void kernel_free(struct kernel *k)
{
	if (k)
		k->ops->free(k);
}
