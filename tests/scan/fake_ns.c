/* SPDX-License-Identifier: Apache-2.0 */
/* The operations on namespaces: links, keys, relations. */
#include "tests/scan/fake_internal.h"
#include "tests/scan/fake_proc.h"

#include <string.h>

static int begin_ns(struct fake_kernel *fake, enum fake_op op, const struct ns *ns)
{
	char what[48];

	snprintf(what, sizeof(what), "%s:[%llu]", nstype_name(ns->type),
	        (unsigned long long)ns->inode);
	return fake_begin(fake, op, 0, what);
}

/* True if that link went with the end of the process. */
static bool is_lost(struct fake_kernel *fake, pid_t pid, const char *link)
{
	return fake_has_ended(fake, pid) && fake->ending_what &&
	       strcmp(link, fake->ending_what) == 0;
}

/* The namespace that a link leads to, or an error. */
static int follow(struct fake_kernel *fake, enum fake_op op, int handle, const char *link,
        const struct ns **ret_ns)
{
	const struct handle dir = fake_get_handle(fake, handle, HANDLE_NS_DIR);
	const int r = fake_begin(fake, op, dir.process->pid, link);

	if (r == 0 && is_lost(fake, dir.process->pid, link))
		return -ENOENT;
	return r < 0 ? r : fake_proc_follow(fake->model, dir.process, dir.tid, link, ret_ns);
}

ssize_t fake_ns_link(struct kernel *k, int handle, const char *link, char *buffer, size_t size)
{
	const struct ns *ns;
	const int r = follow(fake_of(k), FAKE_NS_LINK, handle, link, &ns);
	char text[64];
	int len;

	if (r < 0)
		return r;
	len = snprintf(text, sizeof(text), "%s:[%llu]", nstype_name(ns->type),
	        (unsigned long long)ns->inode);
	if ((size_t)len > size)
		len = (int)size;
	memcpy(buffer, text, (size_t)len);
	return len;
}

static void get_key(const struct fake_kernel *fake, const struct ns *ns, struct nsrel_key *ret)
{
	*ret = (struct nsrel_key){
	        .dev = ns->dev, .ino = ns->inode, .id = fake->has_ids ? ns->id : 0};
}

int fake_ns_link_key(struct kernel *k, int handle, const char *link, struct nsrel_key *ret)
{
	struct fake_kernel *fake = fake_of(k);
	const struct ns *ns;
	const int r = follow(fake, FAKE_NS_LINK_KEY, handle, link, &ns);

	if (r < 0)
		return r;
	if (!fake->has_ids)
		return -EOPNOTSUPP;
	get_key(fake, ns, ret);
	return 0;
}

int fake_ns_open(struct kernel *k, int handle, const char *link)
{
	const struct ns *ns;
	const int r = follow(fake_of(k), FAKE_NS_OPEN, handle, link, &ns);

	return r < 0 ? fake_open_unborn(fake_of(k), handle, link, r)
	             : fake_new_handle(fake_of(k), (struct handle){.kind = HANDLE_NS, .ns = ns});
}

int fake_ns_key(struct kernel *k, int handle, struct nsrel_key *ret)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;
	const int r = begin_ns(fake_of(k), FAKE_NS_KEY, ns);

	if (r < 0)
		return r;
	get_key(fake_of(k), ns, ret);
	return 0;
}

int fake_ns_type(struct kernel *k, int handle)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;
	const int r = begin_ns(fake_of(k), FAKE_NS_TYPE, ns);

	return r < 0 ? r : nsrel_type_from_name(nstype_name(ns->type));
}

static int error_of_state(enum rel_state state)
{
	static const int errors[] = {
	        [REL_INITIAL] = EPERM,
	        [REL_HIDDEN] = EPERM,
	        [REL_NONE] = EINVAL,
	        [REL_UNSUPPORTED] = ENOTTY,
	        [REL_FAILED] = EIO,
	};
	return -errors[state];
}

static int relate(
        struct fake_kernel *fake, enum fake_op op, const struct ns *ns, struct relation relation)
{
	const int r = begin_ns(fake, op, ns);

	if (r < 0)
		return r;
	if (fake->redirection.from == ns && fake->redirection.op == op)
		relation = (struct relation){REL_KNOWN, fake->redirection.to};
	if (relation.state != REL_KNOWN)
		return error_of_state(relation.state);
	return fake_new_handle(fake, (struct handle){.kind = HANDLE_NS, .ns = relation.ns});
}

int fake_ns_owner(struct kernel *k, int handle)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;

	return relate(fake_of(k), FAKE_NS_OWNER, ns, ns->owner);
}

int fake_ns_parent(struct kernel *k, int handle)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;

	return relate(fake_of(k), FAKE_NS_PARENT, ns, ns->parent);
}

int fake_ns_owner_uid(struct kernel *k, int handle, uid_t *ret_uid)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;
	const int r = begin_ns(fake_of(k), FAKE_NS_OWNER_UID, ns);

	if (r < 0)
		return r;
	if (ns->owner_uid_state != REL_KNOWN)
		return error_of_state(ns->owner_uid_state);
	*ret_uid = ns->owner_uid;
	return 0;
}

/* The time in the model, or else one that stays the same. */
int fake_ns_made(struct kernel *k, int handle, uint64_t *ret_made, bool *ret_is_before)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;
	const int r = begin_ns(fake_of(k), FAKE_NS_MADE, ns);

	if (r < 0)
		return r;
	*ret_made = ns->made ? ns->made : FAKE_TIME + ns->inode;
	*ret_is_before = true;
	return 0;
}

int fake_pid_in_ns(struct kernel *k, int handle, pid_t pid)
{
	const struct ns *ns = fake_get_handle(fake_of(k), handle, HANDLE_NS).ns;
	const struct process *process = model_find_process(fake_of(k)->model, pid);
	const int r = fake_begin(fake_of(k), FAKE_PID_IN_NS, pid, NULL);

	if (r < 0)
		return r;
	return process ? fake_proc_pid_in_ns(fake_of(k)->model, process, ns) : -ESRCH;
}
