/* SPDX-License-Identifier: Apache-2.0 */
/* The helper of each kind of run, and requests that a main process would send which an attacker has
 * taken over: well-formed ones for what the user did not ask for, and each job with descriptors and
 * bytes that are not meant for it. Nothing may be written, read or entered by that. */
#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "cmd/jobs/jobs.h"
#include "cmd/output.h"
#include "cmd/run_jobs.h"
#include "kernel/privileged/privileged.h"
#include "privsep/capabilities.h"
#include "tests/cmd/hostile_files.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { CALLER = 54321 };

/* What was asked, and what must not have happened. */
static struct {
	unsigned n_requests, n_written, n_read, n_entered;
} scene;

/* --- what comes back -------------------------------------------------------------------------- */

static bool has_marker(const void *bytes, size_t len)
{
	return memmem(bytes, len, HOSTILE_FILES_MARKER, sizeof(HOSTILE_FILES_MARKER) - 1) != NULL;
}

/* A namespace, memory, an event or a file of /proc, without the marker. */
static bool is_expected(int fd)
{
	static const char *const allowed[] = {"/memfd:", "/proc/", "anon_inode:[perf_event]",
	        "net:[", "mnt:[", "user:[", "pid:[", "uts:[", "ipc:[", "cgroup:[", "time:["};
	char path[64], target[256] = "", text[8192];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	n = pread(fd, text, sizeof(text), 0);
	if (n > 0 && has_marker(text, (size_t)n))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++) {
		if (strncmp(target, allowed[i], strlen(allowed[i])) == 0)
			return true;
	}
	fprintf(stderr, "a descriptor of %s\n", target);
	return false;
}

static void receive(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	bool *const is_wrong_ns = data;

	scene.n_read += has_marker(reply->bytes, reply->len);
	/* The interface that each network namespace has: one was entered. */
	if (is_wrong_ns && *is_wrong_ns &&
	        (reply->n_fds > 0 || memmem(reply->bytes, reply->len, "loopback", 8)))
		scene.n_entered++;
	for (size_t i = 0; i < reply->n_fds; i++) {
		scene.n_read += !is_expected(reply->fds[i]);
		close(reply->fds[i]);
	}
}

static void ask(struct helper *helper, const struct helper_job *job,
        const struct helper_request *request, bool is_wrong_ns)
{
	int result;

	helper_call_all(helper, job, request, 1, receive, &is_wrong_ns, &result);
	scene.n_requests++;
}

/* --- files ------------------------------------------------------------------------------------ */

static int memory(const char *text)
{
	const int fd = memfd_create("hostile", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	return fd;
}

/* Returns true if the file was written. */
static bool save(struct helper *helper, const struct helper_job *job, const void *bytes, size_t len,
        const int *fds, size_t n_fds)
{
	const struct helper_request request = {
	        .bytes = bytes, .len = len, .fds = fds, .n_fds = n_fds};
	static struct saved saved;

	scene.n_requests++;
	return helper_call(helper, job, &request, &saved, sizeof(saved), NULL) ==
	               (ssize_t)sizeof(saved) &&
	       saved.is_done;
}

/* With a head of 4 bytes, as that of save_job, or without. */
static void save_all(
        struct helper *helper, const struct helper_job *job, const char *path, size_t len)
{
	_cleanup_close_ int content = memory("x");
	char bytes[4200];

	if (len > sizeof(bytes) - 4)
		len = sizeof(bytes) - 4;
	for (uint32_t flags = 0; flags < 3; flags++) {
		memcpy(bytes, &flags, sizeof(flags));
		memcpy(bytes + 4, path, len);
		save(helper, job, bytes, 4 + len, &content, 1);
	}
	save(helper, job, bytes + 4, len, &content, 1);
}

static void save_texts(struct helper *helper, const struct helper_job *job)
{
	static const char *const names[] = {"/etc/nsbrowse-hostile.svg",
	        "/root/nsbrowse-hostile.txt", "%/closed/a.svg", "%/closed/below/a.json",
	        "%/others/a.svg", "%/others/victim.svg", "%/own/../closed/a.svg",
	        "%/own/directory/a.svg", "%/own/link.svg", "directory/a.svg", "../closed/a.svg",
	        "link.svg", "%/process/root/victim.svg", "%/process/root/a.svg",
	        "/proc/self/root%/closed/a.svg", "/proc/self/cwd/../closed/a.svg", "%/closed/a.sh",
	        "a.sh", ".svg", "a.svg/", "a.svg.sh", "own/.svg", "a.SVG", "", ".", "..", "/",
	        "/.svg", "~/../../%/closed/a.svg", "~root/a.svg"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *const rest = strchr(names[i], '%');
		_cleanup_free_ char *path =
		        rest ? memory_printf("%.*s%s%s", (int)(rest - names[i]), names[i],
		                       hostile_files_folder(), rest + 1)
		             : memory_strdup(names[i]);
		const size_t len = strlen(path);

		save_all(helper, job, path, len + 1);
		save_all(helper, job, path, len); /* does not end */
		save_all(helper, job, path, MIN(len, (size_t)5));
	}
	save_all(helper, job, "%/closed/a.sh\0.svg", 19);
	save_all(helper, job, "a.sh\0a.svg", 11);
	save_all(helper, job, "a.svg\0b.sh", 11);
}

/* What is no content: nothing of it may be read. */
static void save_descriptors(struct helper *helper, const struct helper_job *job)
{
	static const char path[] = "\0\0\0\0b.svg";
	_cleanup_free_ char *secret = hostile_files_path("process/cmdline");
	int pipes[2];

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	const int huge = memfd_create("huge", MFD_CLOEXEC);
	assert_int_equal(ftruncate(huge, (off_t)5 << 30), 0);
	const int fds[] = {open("/", O_RDONLY | O_CLOEXEC), open("/dev/zero", O_RDONLY | O_CLOEXEC),
	        open(secret, O_RDONLY | O_CLOEXEC), open(secret, O_PATH | O_CLOEXEC), pipes[0],
	        huge};
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		scene.n_read += save(helper, job, path, sizeof(path), &fds[i], 1);
		scene.n_read += save(helper, job, path + 4, sizeof(path) - 4, &fds[i], 1);
		scene.n_read += save(helper, job, NULL, 0, &fds[i], 1);
		close(fds[i]);
	}
	close(pipes[1]);
	save(helper, job, path, sizeof(path), NULL, 0);
}

/* --- namespaces and processes ----------------------------------------------------------------- */

/* A process in a network and a UTS namespace of its own, as far as this one may make them, and
 * without capabilities: else setns(2) refuses its pidfd to a job that may not trace it. */
static pid_t start_other(void)
{
	int ends[2];
	char byte = 0;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWNET | CLONE_NEWUTS) < 0)
			unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWUTS);
		if (capabilities_keep(NULL, 0) == 0 && write(ends[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

enum { PLACES = 12, PAYLOADS = 12 };

/* Descriptors that are not meant for the job that gets them. */
static void open_places(pid_t other, int ret[static PLACES])
{
	_cleanup_free_ char *process = hostile_files_path("process"),
	                    *secret = hostile_files_path("process/cmdline");
	_cleanup_free_ char *files = hostile_files_path("others");
	char path[64];
	size_t n = 0;

	ret[n++] = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open("/etc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open("/proc/self/task", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open(process, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open(files, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret[n++] = open(secret, O_RDONLY | O_CLOEXEC);
	ret[n++] = memory("x");
	ret[n++] = (int)syscall(SYS_pidfd_open, other, 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/uts", (int)other);
	ret[n++] = open(path, O_RDONLY | O_CLOEXEC);
	ret[n++] = open("/dev/null", O_RDWR | O_CLOEXEC);
	assert_int_equal(n, PLACES);
}

/* The layouts of requests (kernel/privileged): a mounted namespace at `victim.svg` or above, a
 * type and PID, an id, sockets, names, stores of containers, and random bytes. */
static size_t make_payload(size_t i, pid_t other, char ret[static HELPER_REQUEST_MAX])
{
	const int32_t types[] = {0, CLONE_NEWNET, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWCGROUP, -1};
	const int32_t pair[] = {i < ARRAY_SIZE(types) ? types[i] : 0, (int32_t)other};
	char *const mounted = ret;

	memset(ret, 0, HELPER_REQUEST_MAX);
	switch (i) {
	case 0:
		return 0;
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
		memcpy(ret, pair, sizeof(pair));
		return sizeof(pair);
	case 6: /* struct job_mounted */
		memcpy(mounted, (const int32_t[]){CLONE_NEWNET}, 4);
		memcpy(mounted + 4, (const uint16_t[]){11}, 2);
		memcpy(mounted + 16, "/victim.svg", 11);
		return 27;
	case 7:
		memcpy(mounted, (const int32_t[]){CLONE_NEWNET}, 4);
		memcpy(mounted + 4, (const uint16_t[]){30}, 2);
		memcpy(mounted + 16, "/../../../../../../etc/passwd\0", 30);
		return 46;
	case 8: /* a container with a path in its name */
		memcpy(ret + 16, "../../../../etc/passwd\0\0", 24);
		return 40;
	case 9:
		memset(ret, 0xff, 64);
		return 64;
	case 10:
		ret[0] = 1;
		return 4;
	default:
		for (size_t k = 0; k < 4096; k++)
			ret[k] = (char)(k * 37 + i);
		return 4096;
	}
}

/* Jobs that are covered above, and names of users: these are for all. */
static bool is_left_out(const struct helper_job *job)
{
	return job == &user_names_job || job == &draw_job || job == &complete_job ||
	       job == &config_file_read_job;
}

static void sweep(struct helper *helper, const struct helper_job *job, pid_t other)
{
	const bool is_long = getenv("NSBROWSE_LONG");
	char *payload = memory_new(HELPER_REQUEST_MAX);
	int places[PLACES];

	open_places(other, places);
	for (size_t i = 0; i < PAYLOADS; i++) {
		const size_t len = make_payload(i, other, payload);

		ask(helper, job, &(struct helper_request){.bytes = payload, .len = len}, false);
		for (size_t k = 0; k < PLACES; k++) {
			const int fds[] = {places[k], places[(k + i) % PLACES]};
			/* Its own type is what ns_inside_job may enter. */
			const bool is_uts = k == 10 && strcmp(job->name, "ns-inside") == 0;

			for (size_t n = 1; n <= (is_long ? 2 : 1); n++)
				ask(helper, job,
				        &(struct helper_request){.bytes = payload,
				                .len = len,
				                .fds = fds,
				                .n_fds = n},
				        places[k] >= 0 && !is_uts);
		}
	}
	for (size_t i = 0; i < PLACES; i++) {
		if (places[i] >= 0)
			close(places[i]);
	}
	free(payload);
}

/* What cmdlines_job shares with its client (kernel/privileged/cmdlines.c). */
struct area {
	uint32_t n, is_covered;
	uint64_t used;
	int32_t pid, error;
	uint64_t ino, started;
	int32_t ppid;
	char comm[16];
	uint32_t at, len, padding;
	char text[4097];
};

/* A directory that looks like /proc, and memory with more items than it has room for. */
static void read_cmdlines(struct helper *helper)
{
	_cleanup_free_ char *path = hostile_files_path("process/1"),
	                    *process = hostile_files_path("process");
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	for (uint32_t n = 0; n < 4; n++) {
		const int fds[] = {open(process, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		        memfd_create("area", MFD_CLOEXEC)};
		const struct area area = {
		        .n = n == 3 ? UINT32_MAX : n, .pid = 1, .error = -EAGAIN, .ino = st.st_ino};
		const size_t size = offsetof(struct area, text) + sizeof(area.text);

		assert_int_equal(write(fds[1], &area, size), (ssize_t)size);
		ask(helper, &cmdlines_job, &(struct helper_request){.fds = fds, .n_fds = 2}, false);
		scene.n_read += !is_expected(fds[1]);
		close(fds[0]);
		close(fds[1]);
	}
}

/* Settings that would read behind the words of a setting. */
static void write_settings(struct helper *helper)
{
	struct settings settings;

	for (enum setting i = 0; i < SETTINGS; i++) {
		for (int k = 0; k < 3; k++) {
			settings_init(&settings);
			settings.values[i] = k == 0 ? UINT64_MAX : k == 1 ? 1u << 31 : 77777777777;
			scene.n_written += save(helper, &config_file_write_job, &settings,
			        sizeof(settings), NULL, 0);
		}
	}
}

/* --- runs ------------------------------------------------------------------------------------- */

struct attacked_run {
	const char *name;
	const char *arguments; /* one blank between two */
	enum run_helper helper;
	uid_t caller;
	bool writes_anywhere; /* root may: its own directory is not attacked */
};

static void parse(const char *arguments, struct options *ret)
{
	static char words[256];
	char name[] = "test", *argv[8] = {name};
	int argc = 1;

	snprintf(words, sizeof(words), "%s", arguments);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	optind = 0;
	assert_int_equal(options_parse(PROGRAM_NSBROWSE, argc, argv, ret), 0);
}

static struct helper *start(
        const struct attacked_run *run, const struct helper_job **jobs, size_t *ret_n)
{
	_cleanup_free_ char *own = hostile_files_path("own");
	struct jobs_fixed fixed = {
	        .caller = {.uid = run->caller,
	                .gid = run->caller,
	                .is_sudo = run->caller == CALLER},
	        .suffixes = FORM_SUFFIXES,
	        .output = {.name = "output.svg"},
	};
	struct options options;
	struct helper *helper;

	if (geteuid() != 0)
		fixed.caller = (struct caller){.uid = geteuid(), .gid = getegid()};
	fixed.output.directory = open(own, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(chdir(own), 0);
	parse(run->arguments, &options);
	*ret_n = run_jobs(&options, run->helper, jobs);
	const struct helper_setup setup = {
	        .fixed = &fixed, .fds = &fixed.output.directory, .n_fds = 1, .has_sandbox = true};
	assert_int_equal(helper_start(jobs, *ret_n, &setup, &helper), 0);
	close(fixed.output.directory);
	return helper;
}

static void attack(const struct attacked_run *run)
{
	const struct helper_job *jobs[RUN_JOBS_MAX];
	size_t n;
	const unsigned before_requests = scene.n_requests;

	hostile_files_begin(run->caller);
	const uint64_t before = hostile_files_sum(&scene.n_written);
	const pid_t other = start_other();
	struct helper *const helper = start(run, jobs, &n);
	for (size_t i = 0; i < n; i++) {
		const bool writes = jobs[i] == &save_job || jobs[i] == &save_new_job ||
		                    jobs[i] == &save_output_job || jobs[i] == &save_root_output_job;

		if (jobs[i] == &cmdlines_job)
			read_cmdlines(helper);
		if (jobs[i] == &config_file_write_job)
			write_settings(helper);
		else if (writes)
			save_descriptors(helper, jobs[i]);
		if (writes && !run->writes_anywhere)
			save_texts(helper, jobs[i]);
		else if (!writes && !is_left_out(jobs[i]))
			sweep(helper, jobs[i], other);
	}
	helper_stop(helper);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	const bool is_changed = hostile_files_sum(&scene.n_written) != before;
	scene.n_written += is_changed;
	scene.n_written += access("/etc/nsbrowse-hostile.svg", F_OK) == 0;
	scene.n_written += access("/root/nsbrowse-hostile.txt", F_OK) == 0;
	printf("%s: %zu jobs, %u requests\n", run->name, n, scene.n_requests - before_requests);
	hostile_files_end();
}

static void nothing_beyond_what_the_user_asked(void **state)
{
	static const struct attacked_run runs[] = {
	        {"screen, sudo", "--facts=all,links", RUN_HELPER, CALLER, false},
	        {"snapshot, writer", "demo.json", RUN_WRITER, 0, false},
	        {"snapshot -o, writer", "-o a.svg demo.json", RUN_WRITER, 0, false},
	        {"version", "--version --verbose", RUN_HELPER, 0, false},
	        /* From here on only with NSBROWSE_LONG. */
	        {"screen, root", "", RUN_HELPER, 0, true},
	        {"-o, sudo", "-o a.svg", RUN_HELPER, CALLER, false},
	        {"-o, root", "-o a.svg", RUN_HELPER, 0, false},
	};
	const size_t n_all = getenv("NSBROWSE_LONG") ? ARRAY_SIZE(runs) : ARRAY_SIZE(runs) - 3;
	const size_t n = geteuid() == 0 ? n_all : 1;

	(void)state;
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	for (size_t i = 0; i < n; i++)
		attack(&runs[i]);
	printf("# R28: %u hostile requests to the helpers of %zu runs: %u files written, %u read, "
	       "%u namespaces entered beyond what the user asked\n",
	        scene.n_requests, n, scene.n_written, scene.n_read, scene.n_entered);
	assert_int_equal(scene.n_written, 0);
	assert_int_equal(scene.n_read, 0);
	assert_int_equal(scene.n_entered, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_beyond_what_the_user_asked),
	};

	return cmocka_run_group_tests_name("hostile requests", tests, NULL, NULL);
}
