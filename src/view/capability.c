/* SPDX-License-Identifier: Apache-2.0 */
#include "view/capability.h"

#include "base/attributes.h"

/* By their number in linux/capability.h. cap_to_name(3) has those of the running kernel, but the
 * set may be that of a snapshot from another one. */
static const char *const capabilities[] = {"chown", "dac_override", "dac_read_search", "fowner",
        "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable", "net_bind_service",
        "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
        "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write",
        "audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
        "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore"};

static const uint64_t NAMED = (UINT64_C(1) << ARRAY_SIZE(capabilities)) - 1;

static void write_capabilities(FILE *out, uint64_t set)
{
	const char *separator = "";

	for (unsigned i = 0; i < 64; i++) {
		if (!(set >> i & 1))
			continue;
		if (i < ARRAY_SIZE(capabilities))
			fprintf(out, "%s%s", separator, capabilities[i]);
		else
			fprintf(out, "%s%u", separator, i);
		separator = " ";
	}
}

void capability_write(FILE *out, uint64_t set)
{
	const uint64_t missing = NAMED & ~set;

	if (!set) {
		fputs("none", out);
	} else if (!missing) {
		fputs("all", out);
	} else if (__builtin_popcountll(missing) < __builtin_popcountll(set)) {
		fputs("all but ", out);
		write_capabilities(out, missing);
	} else {
		write_capabilities(out, set);
	}
}
