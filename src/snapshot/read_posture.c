/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "model/posture.h"
#include "snapshot/reader.h"

/* True and the error, if there is none of these facts. */
static bool read_error(struct fields *f, const char *key, int *ret)
{
	if (!fields_has(f, key))
		return false;
	*ret = fields_errno(f, key);
	if (!*ret && !f->error)
		fields_fail(f, key, "is null");
	return true;
}

static void read_status(struct fields *f, struct posture *posture)
{
	if (read_error(f, "status_errno", &posture->status_error))
		return;
	posture->bounding = fields_number(f, "bounding", 0, UINT64_MAX);
	posture->is_seccomp_known = fields_has(f, "seccomp") && !fields_is_null(f, "seccomp");
	if (posture->is_seccomp_known)
		posture->seccomp = (uint32_t)fields_number(f, "seccomp", 0, UINT32_MAX);
	posture->is_no_new_privs_known =
	        fields_has(f, "no_new_privs") && !fields_is_null(f, "no_new_privs");
	if (posture->is_no_new_privs_known)
		posture->no_new_privs = fields_bool(f, "no_new_privs");
}

static void read_mounts_of(struct fields *f, struct posture *posture)
{
	static const char *const roots[POSTURE_ROOTS] = {
	        [POSTURE_ROOT_NONE] = "none",
	        [POSTURE_ROOT_READ_ONLY] = "read-only",
	        [POSTURE_ROOT_WRITABLE] = "writable",
	};

	if (read_error(f, "mounts_errno", &posture->mounts_error))
		return;
	posture->socket = fields_text_or_null(f, "socket");
	posture->run = fields_text_or_null(f, "run");
	posture->root = fields_word(f, "root", roots, POSTURE_ROOTS);
	if (posture->root != POSTURE_ROOT_NONE)
		posture->root_point = fields_text(f, "root_point");
	posture->is_kcore_covered = fields_bool(f, "kcore_covered");
}

int read_posture(struct reader *reader, const struct json_span *span, struct process *process)
{
	static const char *const keys[] = {"bounding", "seccomp", "no_new_privs", "status_errno",
	        "label", "label_errno", "socket", "run", "root", "root_point", "kcore_covered",
	        "mounts_errno", NULL};
	struct fields f = fields_of(reader, span, keys);
	struct posture *const posture =
	        arena_alloc(builder_arena(reader->builder), sizeof(*posture));

	read_status(&f, posture);
	if (!read_error(&f, "label_errno", &posture->label_error))
		posture->label = fields_text(&f, "label");
	read_mounts_of(&f, posture);
	process->posture = posture;
	return f.error;
}
