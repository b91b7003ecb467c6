/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pin.h"

#include "base/attributes.h"
#include "base/u64.h"

#include <stdlib.h>
#include <string.h>

const char *pin_state_name(enum pin_state state)
{
	static const char *const names[] = {
	        [PIN_NO_PROCESS] = "no process",
	        [PIN_COVERED] = "covered",
	        [PIN_PART] = "part",
	        [PIN_SLOW] = "slow",
	};

	return names[state];
}

static int by_place(const void *a, const void *b)
{
	const struct ns_pin *const left = a, *const right = b;
	int r = COMPARE(left->type, right->type);

	r = r ? r : COMPARE(left->mnt, right->mnt);
	r = r ? r : strcmp(left->path, right->path);
	r = r ? r : COMPARE(left->major, right->major);
	return r ? r : COMPARE(left->minor, right->minor);
}

static uint64_t tag_of(const struct ns_pin *pin)
{
	const uint64_t numbers[] = {pin->mnt, pin->major, pin->minor};
	const uint64_t hash = u64_set_hash(0, (const char *)numbers, sizeof(numbers));

	return u64_set_hash_more(hash, pin->path, strlen(pin->path)) & ((UINT64_C(1) << 40) - 1);
}

void pin_sort(struct ns_pin *pins, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pins[i].tag = tag_of(&pins[i]);
	if (n > 1)
		qsort(pins, n, sizeof(*pins), by_place);
}
