/* SPDX-License-Identifier: Apache-2.0 */
#include "model/nstype.h"

#include <sched.h>
#include <string.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* Linux 5.6 */
#endif

static const struct {
	const char *name;
	int clone_flag;
	bool is_hierarchical;
} types[NS_TYPES] = {
        [NS_CGROUP] = {"cgroup", CLONE_NEWCGROUP, false},
        [NS_IPC] = {"ipc", CLONE_NEWIPC, false},
        [NS_MNT] = {"mnt", CLONE_NEWNS, false},
        [NS_NET] = {"net", CLONE_NEWNET, false},
        [NS_PID] = {"pid", CLONE_NEWPID, true},
        [NS_TIME] = {"time", CLONE_NEWTIME, false},
        [NS_USER] = {"user", CLONE_NEWUSER, true},
        [NS_UTS] = {"uts", CLONE_NEWUTS, false},
};

const char *nstype_name(enum nstype type)
{
	return types[type].name;
}

bool nstype_from_name(const char *name, size_t len, enum nstype *ret)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (strlen(types[type].name) != len || memcmp(types[type].name, name, len) != 0)
			continue;
		*ret = type;
		return true;
	}
	return false;
}

bool nstype_from_clone(int clone_flag, enum nstype *ret)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (types[type].clone_flag != clone_flag)
			continue;
		*ret = type;
		return true;
	}
	return false;
}

bool nstype_is_hierarchical(enum nstype type)
{
	return types[type].is_hierarchical;
}
