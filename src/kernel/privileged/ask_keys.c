/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for namespaces by their keys alone, and what the kernel can. */
#include "kernel/kernel_features.h"
#include "kernel/privileged/ask.h"
#include "kernel/privileged/kernel_privileged.h"
#include "nsrel/nsfs_uapi.h"

#include <string.h>

/* What could not be answered; nothing that the kernel says. */
#define NO_ANSWER (-EIO)

struct keys_call {
	size_t n;
	int *handles;
};

static void take_key(void *data, _unused_ size_t request, const struct helper_reply *answer)
{
	const struct keys_call *const call = data;
	struct wire_answer text;

	if (ask_read(answer, call->n, &text) && call->handles[text.index] == NO_ANSWER)
		call->handles[text.index] = ask_result(&text, answer);
	else
		ask_drop(answer);
}

int privileged_ns_open_keys(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns)
{
	struct nsfs_uapi_handle handles[KERNEL_KEYS_MAX];
	struct keys_call call = {n, ret_ns};

	if (!linux_of(k)->has_link_keys || !(linux_of(k)->rungs & KERNEL_RUNG_C))
		return -EOPNOTSUPP;
	if (n > KERNEL_KEYS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		ret_ns[i] = NO_ANSWER;
		handles[i] = (struct nsfs_uapi_handle){
		        .id = keys[i].id,
		        .type = (uint32_t)types[i],
		        .inum = (uint32_t)keys[i].ino,
		};
	}
	const struct helper_request request = {.bytes = handles, .len = n * sizeof(*handles)};
	const int end =
	        n ? ask_one(linux_of(k)->privileged, JOB_KEYS, &request, take_key, &call) : 0;
	for (size_t i = 0; i < n; i++) {
		if (ret_ns[i] == NO_ANSWER && end < 0)
			ret_ns[i] = end;
	}
	return end == -EOPNOTSUPP ? end : 0;
}

static void take_features(void *data, _unused_ size_t request, const struct helper_reply *answer)
{
	ask_drop(answer);
	if (answer->len == sizeof(struct kernel_features))
		memcpy(data, answer->bytes, sizeof(struct kernel_features));
}

void privileged_kernel_features(struct kernel *k, struct kernel_features *ret)
{
	const struct kernel_linux *const l = linux_of(k);

	/* What needs no right we see ourselves, the rest the helper. */
	kernel_features_probe(ret);
	if (ask_one(l->privileged, JOB_FEATURES, &(const struct helper_request){0}, take_features,
	            ret) < 0)
		ret->nsfs_handles = ret->mntns_next = ret->listmount = false;
	ret->mntns_next &= (l->rungs & KERNEL_RUNG_B) != 0;
	ret->listmount &= (l->rungs & KERNEL_RUNG_B) != 0;
	ret->ns_id &= (l->rungs & KERNEL_RUNG_C) != 0;
	ret->nsfs_handles &= (l->rungs & KERNEL_RUNG_C) != 0;
}
