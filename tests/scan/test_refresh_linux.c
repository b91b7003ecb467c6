/* SPDX-License-Identifier: Apache-2.0 */
/* Random steps with the real kernel: after each the model that is kept up to date is compared with
 * a scan from nothing. What gives an event is read by the PIDs that the event names; the rest in a
 * round. The seed is printed; NSBROWSE_TEST_SEED sets it. */
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsfs_uapi.h"
#include "scan/refresh.h"
#include "tests/model/check_model.h"
#include "tests/nsrel/world.h"
#include "tests/scan/actor.h"
#include "tests/scan/picture.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum {
	STEPS = 500,
	CHURN = 1000,
	NOBODY = 65534,
	STEP = 3,          /* processes of a step of a round */
	GROWTH_MAX = 1024, /* KiB */
};

struct stage {
	struct actor actors[ACTORS];
	unsigned interfaces;
	struct helper *helper;
	struct kernel *kernel;
	struct scan_options options;
	struct refresh *refresh;
	const struct model *model;
	unsigned seed;
	int steps;
	bool is_unprivileged; /* the links of the actors are refused */
	bool with_events;     /* those of the kernel say what is read */
	struct kernel_events events;
	int n_losses; /* how often events were lost */
};

/* --- the stage -------------------------------------------------------------------------------- */

static unsigned random_number(struct stage *stage, unsigned n)
{
	stage->seed = stage->seed * 1103515245u + 12345u;
	return (stage->seed >> 16) % n;
}

static void wait_for_answer(const struct actor *actor)
{
	char byte;

	CHECK(read(actor->ours, &byte, 1) == 1);
}

/* A process that PID 1, or this one, is to wait for, but has not yet. */
static bool is_unreaped(pid_t pid)
{
	char path[64], state = 0;
	int ppid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fscanf(file, "%*d %*[^)]) %c %d", &state, &ppid) != 2)
		state = 0;
	fclose(file);
	return state == 'X' || state == 0 || (state == 'Z' && (ppid <= 1 || ppid == getpid()));
}

static void list(struct stage *stage, struct u64_set *ret)
{
	_cleanup_free_ pid_t *pids = NULL;
	size_t n;

	CHECK(stage->kernel->ops->list_pids(stage->kernel, &pids, &n) == 0);
	u64_set_clear(ret);
	for (size_t i = 0; i < n; i++)
		u64_set_push(ret, (uint64_t)pids[i]);
	u64_set_sort(ret);
}

/* Waits until all that have ended are gone, or wait for an actor. */
static void settle(struct stage *stage, struct u64_set *ret)
{
	bool is_settled;

	do {
		while (waitpid(-1, NULL, WNOHANG) > 0) {
		}
		is_settled = true;
		list(stage, ret);
		for (size_t i = 0; i < ret->n; i++)
			is_settled &= !is_unreaped((pid_t)ret->items[i]);
		if (!is_settled)
			sched_yield();
	} while (!is_settled);
}

static void wait_for_exit(pid_t pid)
{
	_cleanup_close_ int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = {.fd = fd, .events = POLLIN};

	CHECK(fd < 0 || poll(&end, 1, 10000) == 1);
}

/* A thread that was joined is there a little longer. */
static void wait_for_thread(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	while (stat(path, &st) == 0 && st.st_nlink > 3)
		sched_yield();
}

static void replace_model(struct stage *stage, const struct model *model)
{
	CHECK(check_model(model) == 0);
	model_unref(stage->model);
	stage->model = model;
}

static void read_events(struct stage *stage, const struct kernel_event *events, size_t n_events)
{
	const struct model *model;
	int r = refresh_events(stage->refresh, events, n_events, &model);

	for (int n = 0; r == 1; n++) {
		replace_model(stage, model);
		r = refresh_events(stage->refresh, NULL, 0, &model);
		CHECK(n < 10);
	}
	CHECK(r == 0);
}

static void read_named(struct stage *stage, const struct u64_set *touched, unsigned kinds)
{
	_cleanup_free_ struct kernel_event *events = memory_new((touched->n + 1) * sizeof(*events));

	for (size_t i = 0; i < touched->n; i++)
		events[i] = (struct kernel_event){(pid_t)touched->items[i], kinds};
	read_events(stage, events, touched->n);
}

/* On a busy machine those of other processes may take all the room, but not often. */
static void read_all(struct stage *stage)
{
	const struct model *model;

	CHECK(++stage->n_losses < STEPS / 10);
	CHECK(refresh_all(stage->refresh, NULL, NULL, &model) == 0);
	replace_model(stage, model);
}

/* The kernel writes them before the system call that causes them returns. */
static void read_kernel_events(struct stage *stage)
{
	struct kernel_events *const events = &stage->events;

	CHECK(stage->kernel->ops->events_read(stage->kernel, events) == 0);
	if (events->n_lost > 0) {
		read_all(stage);
		return;
	}
	read_events(stage, events->events, events->n);
}

static void read_round(struct stage *stage)
{
	const struct model *model;
	bool is_end = false;

	while (!is_end) {
		const int r = refresh_step(stage->refresh, STEP, &model, &is_end);

		CHECK(r >= 0);
		if (r == 1)
			replace_model(stage, model);
	}
}

/* A namespace that only a covered mount keeps cannot be opened any more. What was read of it before
 * that stays until the mount is read again. */
static bool knows_less(const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->owner.state == REL_FAILED)
			return true;
	}
	return false;
}

/* With a scan that has the last model, as the program does it, and with one from nothing, which
 * knows less of namespaces without a process. */
static void compare_with(struct stage *stage, const struct model *previous, const char *what)
{
	const struct model *model, *known;
	char *expected, *got, *difference;

	CHECK(scan_run(stage->kernel, &stage->options, previous, NULL, NULL, &model) == 0);
	known = !previous || knows_less(model) ? model : NULL;
	expected = picture_of(model, known);
	got = picture_of(stage->model, known);
	difference = picture_difference(expected, got);
	if (difference) {
		fprintf(stderr, "after %s (%s):\n%s\n", what,
		        previous ? "a scan" : "a scan from nothing", difference);
		_exit(1);
	}
	free(expected);
	free(got);
	model_unref(model);
}

static void compare(struct stage *stage, const char *what)
{
	compare_with(stage, NULL, what);
	compare_with(stage, stage->model, what);
}

static int free_actor(struct stage *stage)
{
	for (int i = 0; i < ACTORS; i++) {
		if (stage->actors[i].pid == 0)
			return i;
	}
	return -1;
}

static int random_actor(struct stage *stage)
{
	int i;

	do {
		i = (int)random_number(stage, ACTORS);
	} while (stage->actors[i].pid == 0);
	return i;
}

static int count_actors(const struct stage *stage)
{
	int n = 0;

	for (int i = 0; i < ACTORS; i++)
		n += stage->actors[i].pid != 0;
	return n;
}

/* Forgets those that have ended. */
static void note_ends(struct stage *stage, const struct u64_set *after)
{
	for (int i = 0; i < ACTORS; i++) {
		if (!u64_set_has(after, (uint64_t)stage->actors[i].pid))
			stage->actors[i].pid = 0;
	}
}

static void add_differences(const struct u64_set *a, const struct u64_set *b, struct u64_set *ret)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!u64_set_has(b, a->items[i]))
			u64_set_push(ret, a->items[i]);
	}
}

/* Of the PIDs that have come and gone the event of a fork names the child alone. */
static void play_command(
        struct stage *stage, int number, struct actor_command *command, struct u64_set *touched)
{
	struct actor *const actor = &stage->actors[number];
	struct u64_set before = {0}, after = {0};

	list(stage, &before);
	CHECK(write(actor->ours, command, sizeof(*command)) == sizeof(*command));
	if (command->op == ACTOR_EXIT)
		wait_for_exit(actor->pid);
	else
		wait_for_answer(actor);
	if (command->op == ACTOR_END_THREAD)
		wait_for_thread(actor->pid);
	settle(stage, &after);
	add_differences(&before, &after, touched);
	add_differences(&after, &before, touched);
	if (command->op == ACTOR_FORK && touched->n > 0) {
		wait_for_answer(&stage->actors[command->arg]);
		stage->actors[command->arg].pid = (pid_t)touched->items[0];
	}
	if (command->op != ACTOR_FORK && command->op != ACTOR_REAP)
		u64_set_push(touched, (uint64_t)actor->pid);
	if (command->op == ACTOR_REAP)
		u64_set_clear(touched);
	note_ends(stage, &after);
	if (command->op == ACTOR_EXIT)
		actor->pid = 0;
	u64_set_sort_unique(touched);
	u64_set_release(&before);
	u64_set_release(&after);
}

/* What can be done now: with few actors more forks. */
static enum actor_op random_op(struct stage *stage)
{
	const int n = count_actors(stage);
	enum actor_op op;

	do {
		op = random_number(stage, ACTOR_OPS);
	} while ((op == ACTOR_EXIT && n <= 2) || (op == ACTOR_FORK && n == ACTORS));
	return n <= 3 && random_number(stage, 2) ? ACTOR_FORK : op;
}

static void start_actor(struct stage *stage, int number)
{
	const pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0)
		actor_run(stage->actors, number);
	stage->actors[number].pid = pid;
}

/* All ended with the first process of their PID namespace. */
static void start_again(struct stage *stage)
{
	struct u64_set touched = {0};

	start_actor(stage, 0);
	u64_set_push(&touched, (uint64_t)stage->actors[0].pid);
	if (stage->with_events)
		read_kernel_events(stage);
	else
		read_named(stage, &touched, KERNEL_EVENT_FORK);
	u64_set_release(&touched);
}

static void play_step(struct stage *stage, int i)
{
	const enum actor_op op = random_op(stage);
	const int number = random_actor(stage);
	struct actor_command command = {.op = op,
	        .arg = op == ACTOR_FORK ? free_actor(stage) : (int)random_number(stage, 1000),
	        .other = stage->actors[random_actor(stage)].pid};
	struct u64_set touched = {0};
	char what[128];

	snprintf(what, sizeof(what), "step %d, %s of %d with %d, %d", i, actor_op_names[op],
	        stage->actors[number].pid, command.arg, command.other);
	play_command(stage, number, &command, &touched);
	if (!actor_events[op])
		read_round(stage);
	else if (stage->with_events)
		read_kernel_events(stage);
	else
		read_named(stage, &touched, actor_events[op]);
	compare(stage, what);
	u64_set_release(&touched);
}

static void drop_quick(void *data, const struct model *model)
{
	model_unref(model);
	(void)data;
}

/* The helper has its name after its first job. Without the right to open them the test says what is
 * read. */
static bool open_events(struct stage *stage)
{
	const int r = stage->kernel->ops->events_open(stage->kernel);

	if (r < 0)
		fprintf(stderr, "no events: %s\n", strerror(-r));
	CHECK(r == 0 || r == -EACCES || r == -EPERM || r == -EOPNOTSUPP || r == -ENOSYS ||
	        r == -EINVAL);
	return r == 0;
}

static void set_up(struct stage *stage)
{
	CHECK(mount("tmpfs", "/mnt", "tmpfs", 0, NULL) == 0);
	for (int i = 0; i < ACTOR_FILES; i++)
		close(open(actor_file(i), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	for (int i = 0; i < ACTORS; i++) {
		int ends[2];

		CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
		stage->actors[i] = (struct actor){.ours = ends[0], .theirs = ends[1]};
	}
	start_actor(stage, 0);
	start_actor(stage, 1);
	if (stage->is_unprivileged)
		CHECK(setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
		        setresuid(NOBODY, NOBODY, NOBODY) == 0);
	CHECK(kernel_linux_new("/proc", &stage->kernel) == 0);
	kernel_linux_set_helper(stage->kernel, helper_channel(stage->helper));
	kernel_linux_set_interfaces(stage->kernel, stage->interfaces);
	stage->with_events = stage->with_events && open_events(stage);
	stage->refresh = refresh_new(stage->kernel, &stage->options);
	CHECK(refresh_all(stage->refresh, drop_quick, NULL, &stage->model) == 0);
}

static void tear_down(struct stage *stage)
{
	model_unref(stage->model);
	refresh_free(stage->refresh);
	if (stage->with_events)
		stage->kernel->ops->events_close(stage->kernel);
	free(stage->events.events);
	kernel_free(stage->kernel);
}

static int play(void *data)
{
	struct stage *const stage = data;

	set_up(stage);
	compare(stage, "the first scan");
	for (int i = 0; i < stage->steps; i++) {
		if (count_actors(stage) == 0)
			start_again(stage);
		play_step(stage, i);
	}
	tear_down(stage);
	return 0;
}

/* The helper of this scene, whose descriptors and end are those of the scene. */
static int play_with_own_helper(void *data)
{
	struct stage *const stage = data;

	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &stage->helper) == 0);
	stage->options.helper = helper_pid(stage->helper);
	play(stage);
	helper_stop(stage->helper);
	return 0;
}

static void start(struct stage *stage, int (*run)(void *data))
{
	const char *const seed = getenv("NSBROWSE_TEST_SEED");

	stage->seed = seed ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)time(NULL);
	fprintf(stderr, "seed %u\n", stage->seed);
	stage->options = (struct scan_options){.sources = SCAN_SOURCES_ALL, .n_threads = 2};
	if (!stage->with_events)
		CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &stage->helper) == 0);
	const int r = world_alone(true, run, stage);
	if (r != 0)
		fprintf(stderr, "exit status %d\n", r);
	CHECK(r == 0);
	if (!stage->with_events)
		helper_stop(stage->helper);
}

static void steps_with_ids(void)
{
	start(&(struct stage){.interfaces = KERNEL_USE_IDS, .steps = STEPS}, play);
}

static void steps_with_events(void)
{
	start(
	        &(struct stage){
	                .interfaces = KERNEL_USE_IDS, .steps = STEPS / 2, .with_events = true},
	        play_with_own_helper);
}

static void steps_without_ids(void)
{
	start(&(struct stage){.steps = STEPS / 2}, play);
}

static void steps_without_rights(void)
{
	start(&(struct stage){.steps = STEPS / 4, .is_unprivileged = true}, play);
}

static void is_never_other_than_a_scan(void **state)
{
	assert_int_equal(world_run_for(60000, steps_with_ids), 0);
	(void)state;
}

static void nor_by_events_of_the_kernel(void **state)
{
	assert_int_equal(world_run_for(60000, steps_with_events), 0);
	(void)state;
}

static void nor_without_ids(void **state)
{
	assert_int_equal(world_run_for(60000, steps_without_ids), 0);
	(void)state;
}

static void nor_without_rights(void **state)
{
	if (geteuid() == 0)
		assert_int_equal(world_run_for(60000, steps_without_rights), 0);
	(void)state;
}

/* --- memory ----------------------------------------------------------------------------------- */

static long resident(void)
{
	long pages = 0;
	FILE *const file = fopen("/proc/self/statm", "re");

	CHECK(file && fscanf(file, "%*d %ld", &pages) == 1);
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The namespaces of an actor change each time. */
static int churn(void *data)
{
	struct stage *const stage = data;
	long before = 0;
	int fds = 0;

	set_up(stage);
	for (int i = 0; i < CHURN + CHURN / 4; i++) {
		struct actor_command command = {.op = ACTOR_UNSHARE, .arg = i % 4};
		struct u64_set touched = {0};

		if (i == CHURN / 4) {
			before = resident();
			fds = world_count_fds();
		}
		play_command(stage, 0, &command, &touched);
		read_named(stage, &touched, KERNEL_EVENT_NAMESPACES);
		u64_set_release(&touched);
	}
	fprintf(stderr,
	        "# R15: %d refreshes: %d descriptors, then %d; %ld KiB resident, then %ld\n", CHURN,
	        fds, world_count_fds(), before, resident());
	CHECK(HAS_ADDRESS_SANITIZER || resident() - before < GROWTH_MAX);
	CHECK(world_count_fds() == fds);
	tear_down(stage);
	return 0;
}

static void churn_with_ids(void)
{
	start(&(struct stage){.interfaces = KERNEL_USE_IDS}, churn);
}

static void leaves_nothing_behind(void **state)
{
	assert_int_equal(world_run_for(60000, churn_with_ids), 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(is_never_other_than_a_scan),
	        cmocka_unit_test(nor_by_events_of_the_kernel),
	        cmocka_unit_test(nor_without_ids),
	        cmocka_unit_test(nor_without_rights),
	        cmocka_unit_test(leaves_nothing_behind),
	};
	int ret;

	if (!world_can("namespaces", CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET, NULL, &ret))
		return ret;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
