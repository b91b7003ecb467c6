/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/process_record.h"

#include "base/attributes.h"
#include "base/monotonic.h"
#include "kernel/proc/proc.h"

#include <string.h>

const struct ns_link process_record_links[NS_LINKS] = {
        [NS_CGROUP] = {"cgroup", "ns/cgroup", NS_CGROUP, false},
        [NS_IPC] = {"ipc", "ns/ipc", NS_IPC, false},
        [NS_MNT] = {"mnt", "ns/mnt", NS_MNT, false},
        [NS_NET] = {"net", "ns/net", NS_NET, false},
        [NS_PID] = {"pid", "ns/pid", NS_PID, false},
        [NS_TIME] = {"time", "ns/time", NS_TIME, false},
        [NS_USER] = {"user", "ns/user", NS_USER, false},
        [NS_UTS] = {"uts", "ns/uts", NS_UTS, false},
        [NS_PID_FOR_CHILDREN] = {"pid_for_children", "ns/pid_for_children", NS_PID, true},
        [NS_TIME_FOR_CHILDREN] = {"time_for_children", "ns/time_for_children", NS_TIME, true},
};

void process_record_mark(struct process_record *record, enum process_part part)
{
	record->read_at[part] = MAX(monotonic_ms(), INT64_C(1));
}

void process_record_refuse(struct process_record *record, const char *what, long error)
{
	record->is_replaced |= error == -EXDEV;
	if (record->refused)
		return;
	record->refused = what;
	record->refused_error = (int)-error;
}

int process_record_read_link(
        struct kernel *kernel, int ns_dir, const struct ns_link *link, uint64_t *ret_inode)
{
	const char *const type = nstype_name(link->type);
	struct proc_link parsed;
	char text[64];
	ssize_t r = kernel->ops->ns_link(kernel, ns_dir, link->name, text, sizeof(text));

	if (r >= 0)
		r = proc_link_parse(text, (size_t)r, &parsed);
	if (r < 0)
		return (int)r;
	if (parsed.type_len != strlen(type) || memcmp(parsed.type, type, parsed.type_len) != 0)
		return -EINVAL;
	*ret_inode = parsed.inode;
	return 0;
}
