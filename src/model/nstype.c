/* SPDX-License-Identifier: Apache-2.0 */
#include "model/nstype.h"

#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"

#include <string.h>

static const int clone_flags[NS_TYPES] = {
        [NS_CGROUP] = CLONE_NEWCGROUP,
        [NS_IPC] = CLONE_NEWIPC,
        [NS_MNT] = CLONE_NEWNS,
        [NS_NET] = CLONE_NEWNET,
        [NS_PID] = CLONE_NEWPID,
        [NS_TIME] = CLONE_NEWTIME,
        [NS_USER] = CLONE_NEWUSER,
        [NS_UTS] = CLONE_NEWUTS,
};

const char *nstype_name(enum nstype type)
{
	return nsrel_type_name(clone_flags[type]);
}

int nstype_clone(enum nstype type)
{
	return clone_flags[type];
}

bool nstype_from_name(const char *name, size_t len, enum nstype *ret)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const char *const known = nstype_name(type);

		if (strlen(known) != len || memcmp(known, name, len) != 0)
			continue;
		*ret = type;
		return true;
	}
	return false;
}

bool nstype_from_clone(int clone_flag, enum nstype *ret)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (clone_flags[type] != clone_flag)
			continue;
		*ret = type;
		return true;
	}
	return false;
}

bool nstype_is_hierarchical(enum nstype type)
{
	return type == NS_PID || type == NS_USER;
}

bool nstype_is_initial(enum nstype type, uint64_t inode)
{
	return nsrel_is_initial(&(struct nsrel_key){.ino = inode}, clone_flags[type]);
}
