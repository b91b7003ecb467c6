/* SPDX-License-Identifier: Apache-2.0 */
#include "view/view.h"

#include <string.h>

#define BIT(type) (1u << (type))

/* In the order in which they are listed and offered. */
static const struct view_kind_row kinds[VIEW_KINDS] = {
        [VIEW_USER] = {"user", "user namespaces and their children", NS_USER, BIT(NS_USER), false},
        [VIEW_PID] = {"pid", "PID namespaces and their children", NS_PID, BIT(NS_PID), false},
        [VIEW_MNT] = {"mnt", "mount namespaces by owner", NS_MNT, BIT(NS_MNT), true},
        [VIEW_NET] = {"net", "network namespaces by owner", NS_NET, BIT(NS_NET), true},
        [VIEW_UTS] = {"uts", "UTS namespaces by owner", NS_UTS, BIT(NS_UTS), true},
        [VIEW_IPC] = {"ipc", "IPC namespaces by owner", NS_IPC, BIT(NS_IPC), true},
        [VIEW_CGROUP] = {"cgroup", "cgroup namespaces by owner", NS_CGROUP, BIT(NS_CGROUP), true},
        [VIEW_TIME] = {"time", "time namespaces by owner", NS_TIME, BIT(NS_TIME), true},
        [VIEW_ALL] = {"all", "all namespaces by owner", NS_USER, BIT(NS_TYPES) - 1, true},
        [VIEW_CONTAINERS] = {"containers", "containers, and what they have of their own", NS_USER,
                0, false},
        [VIEW_MOUNTS] = {"mounts", "mounts of one mount namespace", NS_MNT, 0, false},
        [VIEW_PROCESSES] = {"processes", "processes, and where namespaces differ", NS_USER, 0,
                false},
};

const struct view_kind_row *view_kind_row(enum view_kind kind)
{
	return &kinds[kind];
}

bool view_kind_from_name(const char *name, enum view_kind *ret)
{
	for (size_t i = 0; i < VIEW_KINDS; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*ret = (enum view_kind)i;
			return true;
		}
	}
	return false;
}

const char *view_sort_name(enum view_sort sort)
{
	static const char *const names[VIEW_SORTS] = {
	        [VIEW_SORT_NUMBER] = "number",
	        [VIEW_SORT_PROCESSES] = "processes",
	        [VIEW_SORT_OWNER] = "owner",
	        [VIEW_SORT_AGE] = "age",
	};

	return names[sort];
}

bool view_is_by_owner(const struct view_options *options)
{
	return options->by_owner || view_kind_row(options->kind)->is_by_owner;
}
