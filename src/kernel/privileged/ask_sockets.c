/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for the network namespaces of sockets. */
#include "kernel/privileged/ask.h"
#include "kernel/privileged/kernel_privileged.h"

#include <fcntl.h>
#include <string.h>

struct sockets_call {
	struct kernel *k;
	struct kernel_socket *items;
	size_t n;
};

/* Which item an answer is of; NULL: of none that waits for one. */
static struct kernel_socket *item_of(const struct sockets_call *call,
        const struct helper_reply *answer, struct wire_socket_answer *ret)
{
	if (answer->len != sizeof(*ret))
		return NULL;
	memcpy(ret, answer->bytes, sizeof(*ret));
	if (ret->index >= call->n || call->items[ret->index].error != -ETIMEDOUT)
		return NULL;
	return &call->items[ret->index];
}

static void take_socket(void *data, _unused_ size_t request, const struct helper_reply *answer)
{
	const struct sockets_call *const call = data;
	struct wire_socket_answer text;
	struct kernel_socket *const item = item_of(call, answer, &text);

	if (!item || text.error < 0 || answer->n_fds > 1) {
		ask_drop(answer);
		if (item)
			item->error = text.error < 0 ? text.error : -EIO;
		return;
	}
	item->error = 0;
	item->key = kernel_linux_key(call->k, &text.key);
	item->ns = answer->n_fds == 1 ? answer->fds[0] : -EBADF;
}

/* The job knows processes by PID alone. If the directory is still alive now, the PID was that
 * process's all the time; else what was found may be anybody's. */
static void forget_if_gone(struct kernel *k, struct kernel_socket *items, size_t first, size_t n)
{
	struct kernel_file file;

	if (kernel_file_stat(items[first].process, "stat", &file) == 0)
		return;
	for (size_t i = first; i < n && items[i].process == items[first].process; i++) {
		if (items[i].ns >= 0)
			k->ops->close(k, items[i].ns);
		items[i].ns = -EBADF;
		items[i].error = -ESRCH;
	}
}

int privileged_socket_ns(struct kernel *k, struct kernel_socket *items, size_t n)
{
	struct wire_socket wanted[KERNEL_SOCKETS_MAX];
	struct sockets_call call = {k, items, n};

	if (!linux_of(k)->privileged)
		return -EOPNOTSUPP;
	if (n > KERNEL_SOCKETS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		items[i].error = -ETIMEDOUT;
		items[i].ns = -EBADF;
		items[i].key = (struct nsrel_key){0};
		wanted[i] = (struct wire_socket){items[i].pid, items[i].fd};
	}
	if (n == 0)
		return 0;
	const struct helper_request request = {.bytes = wanted, .len = n * sizeof(*wanted)};
	const int end = ask_one(linux_of(k)->privileged, JOB_SOCKETS, &request, take_socket, &call);
	for (size_t i = 0; i < n; i++) {
		if (items[i].error == -ETIMEDOUT && end != -ETIMEDOUT)
			items[i].error = end < 0 ? end : -EIO;
		if (i == 0 || items[i].process != items[i - 1].process)
			forget_if_gone(k, items, i, n);
	}
	return 0;
}
