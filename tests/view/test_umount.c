/* SPDX-License-Identifier: Apache-2.0 */

/* Lines of umount(8) for mounts of all mount namespaces. tests/cmd/holds.bats runs such lines. */

#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/mount_fixture.h"
#include "view/umount.h"

#include <string.h>
#include <time.h>

static const struct mount_entry *find(const struct mount_table *table, const char *point)
{
	for (size_t i = table->n; i-- > 0;) {
		if (strcmp(table->entries[i].point, point) == 0)
			return &table->entries[i];
	}
	fail_msg("no mount at %s", point);
	return NULL;
}

/* The line of the last mount at `point`, or why there is none. */
static void check_line(
        const struct model *model, uint64_t mnt, const char *point, const char *wanted)
{
	_cleanup_umount_ struct umount umount = umount_of(model, model->mounts);
	const struct mount_table *const table = mounts_find(model->mounts, mnt);
	const struct mount_entry *const entry = find(table, point);
	_cleanup_text_ struct text text;

	text_init(&text);
	const enum umount_state state = umount_write(text.out, &umount, table, entry);
	umount_write_reason(text.out, state, table, entry);
	assert_string_equal(text_get(&text), wanted);
}

static void test_lines(void **state)
{
	const struct model *const model = mount_fixture();

	(void)state;
	check_line(
	        model, MOUNT_FIXTURE_HOST, "/srv/with blank", "umount -i -c -- '/srv/with blank'");
	check_line(model, MOUNT_FIXTURE_SLAVE, "/srv", "umount -i -c -N 300 -- /srv");
	/* It has no /proc of its own. */
	check_line(model, MOUNT_FIXTURE_PRIVATE, "/data", "umount -i -N 400 -- /data");
	model_unref(model);
}

static void test_refused(void **state)
{
	const struct model *const model = mount_fixture();
	const struct mount_table *const host = mounts_find(model->mounts, MOUNT_FIXTURE_HOST);
	_cleanup_umount_ struct umount umount = umount_of(model, model->mounts);
	_cleanup_text_ struct text text;

	(void)state;
	check_line(model, MOUNT_FIXTURE_HOST, "/",
	        "the root of a mount namespace cannot be unmounted");
	check_line(model, MOUNT_FIXTURE_SLAVE, "/new\nline",
	        "its path has characters that a shell line cannot have");
	text_init(&text);
	const struct mount_entry *const covered = mounts_find_entry(host, 26);
	assert_int_equal(umount_write(text.out, &umount, host, covered), UMOUNT_COVERED);
	umount_write_reason(text.out, UMOUNT_COVERED, host, covered);
	assert_string_equal(
	        text_get(&text), "covered by /mnt (tmpfs), which is to be unmounted first");
	assert_int_equal(umount_count_below(host, find(host, "/srv")), 1);
	assert_int_equal(umount_count_below(host, find(host, "/srv/with blank")), 0);
	model_unref(model);
}

/* A container may have tens of thousands of mounts: what their lines have in common is found once.
 * If each line took a search of all mounts, this would take more than ten seconds. */
static void test_many(void **state)
{
	enum { MANY = 40000, SECONDS = 5 };
	const struct model *const model = mount_fixture();
	struct mounts_builder *const builder = mounts_builder_new();
	const clock_t start = clock();
	_cleanup_text_ struct text text;
	char point[32];

	text_init(&text);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(point, sizeof(point), "/data/%u", i);
		mount_fixture_add(builder,
		        &(const struct mount_entry){.id = i + 2,
		                .parent_id = 1,
		                .point = mounts_builder_intern(builder, point, strlen(point)),
		                .type = "tmpfs"});
	}
	mounts_builder_end(builder, MOUNT_FIXTURE_PRIVATE, 0, false);
	const struct mounts *const mounts = mounts_builder_finish(builder);
	const struct mount_table *const table = mounts->tables[0];
	_cleanup_umount_ struct umount umount = umount_of(model, mounts);
	for (size_t i = 0; i < table->n; i++) {
		assert_int_equal(
		        umount_write(text_restart(&text), &umount, table, &table->entries[i]),
		        UMOUNT_READY);
		umount_write_reason(text.out, UMOUNT_READY, table, &table->entries[i]);
	}
	assert_string_equal(text_get(&text), "umount -i -N 400 -- /data/9999");
	assert_true(clock() - start < (clock_t)SECONDS * CLOCKS_PER_SEC);
	mounts_unref(mounts);
	model_unref(model);
	(void)state;
}

/* --- ways into a mount namespace -------------------------------------------------------------- */

enum { OWN = 51, OTHER = 52 };

static void add(struct mounts_builder *builder, unsigned id, unsigned minor, const char *point,
        const char *type)
{
	mount_fixture_add(builder, &(const struct mount_entry){.id = id,
	                                   .parent_id = id > 10 ? 10 : 1,
	                                   .minor = minor,
	                                   .root = "/",
	                                   .point = point,
	                                   .type = type});
}

/* Our own mount namespace, and another one whose /proc has that device; 0: it has none. */
static const struct mounts *make_mounts(unsigned proc)
{
	struct mounts_builder *const builder = mounts_builder_new();

	add(builder, 10, 1, "/", "ext4");
	add(builder, 11, 5, "/proc", "proc");
	mounts_builder_end(builder, OWN, 0, false);
	add(builder, 10, 1, "/", "overlay");
	add(builder, 12, 7, "/data", "tmpfs");
	if (proc)
		add(builder, 11, proc, "/proc", "proc");
	mounts_builder_end(builder, OTHER, 0, false);
	return mounts_builder_finish(builder);
}

static struct builder *begin(struct ns **ret_user, struct ns **ret_other)
{
	struct builder *const builder = builder_new();
	struct process *self;

	*ret_user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const pid = fixture_pid(builder, FIXTURE_INITIAL_PID, NULL, *ret_user);
	struct ns *const own = fixture_owned(builder, NS_MNT, OWN, *ret_user);

	*ret_other = fixture_owned(builder, NS_MNT, OTHER, *ret_user);
	self = fixture_process(builder, 20, "nsbrowse", own);
	self->ns[NS_PID] = pid;
	self->is_self = true;
	return builder;
}

static void check_data(struct builder *builder, unsigned proc, uid_t euid, const char *wanted)
{
	builder_host(builder)->euid = euid;
	const struct model *const model = fixture_freeze(builder, NULL);

	builder_set_mounts(model, make_mounts(proc));
	check_line(model, OTHER, "/data", wanted);
	model_unref(model);
}

static void with_member(unsigned proc, bool has_pid_ns, uid_t euid, const char *wanted)
{
	struct ns *user, *other;
	struct builder *const builder = begin(&user, &other);
	struct process *const process = fixture_process(builder, 30, "nginx", other);

	struct ns *const own = builder_own(builder_find_process(builder, 20)->ns[NS_PID]);

	process->ns[NS_PID] = has_pid_ns ? fixture_pid(builder, 900, own, user) : own;
	check_data(builder, proc, euid, wanted);
}

/* The first process is not in the PID namespace that it made, as unshare(1) without --fork. Where
 * the kernel does not tell its parent, the PIDs of the child do. */
static void with_parent(bool is_parent_known, const char *wanted)
{
	static pid_t nspid[] = {31, 1};
	struct ns *user, *other;
	struct builder *const builder = begin(&user, &other);
	struct process *const parent = fixture_process(builder, 30, "unshare", other);
	struct process *const child = fixture_process(builder, 31, "nginx", other);
	struct ns *const own = builder_own(builder_find_process(builder, 20)->ns[NS_PID]);

	parent->ns[NS_PID] = own;
	child->ppid = 30;
	struct ns *const inner = fixture_pid(builder, 900, is_parent_known ? own : NULL, user);
	if (!is_parent_known) {
		inner->parent.state = REL_UNSUPPORTED;
		child->nspid = nspid;
		child->n_nspid = ARRAY_SIZE(nspid);
	}
	child->ns[NS_PID] = inner;
	check_data(builder, 9, 0, wanted);
}

static void test_members(void **state)
{
	(void)state;
	/* /proc/self is not there but for processes of that PID namespace. */
	with_member(9, true, 0, "nsenter -t 30 -p umount -i -c -N 30 -- /data");
	with_member(9, true, 1000, "sudo nsenter -t 30 -p umount -i -c -N 30 -- /data");
	with_member(9, false, 0, "umount -i -c -N 30 -- /data");
	with_member(5, true, 0, "umount -i -c -N 30 -- /data"); /* that of our own namespace */
	with_member(0, true, 0, "umount -i -N 30 -- /data");
	with_parent(true, "nsenter -t 31 -p umount -i -c -N 30 -- /data");
	with_parent(false, "nsenter -t 31 -p umount -i -c -N 30 -- /data");
	with_member(0, false, 1000, "sudo umount -i -N 30 -- /data");
}

/* In the proc of a PID namespace that has ended is no /proc/self. */
static void test_ended_proc(void **state)
{
	const struct ns_pin pin = {.type = NS_PID,
	        .by = PIN_BY_PROC_MOUNT,
	        .path = "/proc",
	        .mnt = OTHER,
	        .minor = 9,
	        .n_mounts = 1};
	struct ns *user, *other;
	struct builder *const builder = begin(&user, &other);
	struct ns *const own = builder_own(builder_find_process(builder, 20)->ns[NS_PID]);

	(void)state;
	fixture_process(builder, 30, "nginx", other)->ns[NS_PID] = own;
	builder_pin(builder, &pin);
	check_data(builder, 9, 0, "umount -i -N 30 -- /data");
}

static void test_holders(void **state)
{
	struct ns *user, *other;
	struct builder *builder = begin(&user, &other);

	(void)state;
	fixture_hold_fd(builder, other, 20, 7);
	check_data(builder, 5, 0, "umount -i -c -N /proc/20/fd/7 -- /data");
	builder = begin(&user, &other);
	fixture_hold_fd(builder, other, 20, 7);
	check_data(builder, 9, 0, "umount -i -N /proc/20/fd/7 -- /data");
	builder = begin(&user, &other);
	fixture_hold_mount(builder, other, "/run/a b");
	check_data(builder, 5, 0, "umount -i -c -N '/run/a b' -- /data");
	builder = begin(&user, &other);
	fixture_hold_mount(builder, other, "/run/a\nb");
	check_data(builder, 5, 0, "its path has characters that a shell line cannot have");
	builder = begin(&user, &other);
	check_data(builder, 5, 0, "no process and no descriptor leads to its mount namespace");
}

/* A link in place of a file of a container would lead umount into our own mount namespace. */
static void test_files_of_others(void **state)
{
	static const struct holder held = {.kind = HOLDER_MOUNT, .path = "/dir/held", .mnt = 53};

	(void)state;
	for (int has_fd = 0; has_fd <= 1; has_fd++) {
		struct ns *user, *other;
		struct builder *const builder = begin(&user, &other);

		fixture_process(builder, 40, "evil", fixture_owned(builder, NS_MNT, 53, user));
		builder_hold(builder, other, &held);
		if (has_fd)
			fixture_hold_fd(builder, other, 20, 7);
		check_data(builder, 5, 0,
		        has_fd ? "umount -i -c -N /proc/20/fd/7 -- /data"
		               : "no process and no descriptor leads to its mount namespace");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lines),
	        cmocka_unit_test(test_refused),
	        cmocka_unit_test(test_many),
	        cmocka_unit_test(test_members),
	        cmocka_unit_test(test_ended_proc),
	        cmocka_unit_test(test_holders),
	        cmocka_unit_test(test_files_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
