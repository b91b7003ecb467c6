/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, on a host with processes whose command line cannot be read,
 * since the read waits for ever: the rows come, the screen stays alive, and it ends as always. */

#include "base/memory.h"
#include "base/monotonic.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { ATTEMPTS = 10, SOON_MS = 1000, KEY_MS = 100 };

/* The scene, with nsbrowse in it, and the FIFOs of waiting.sh. */
struct host {
	char *folder;
	struct pty *pty;
	int go, said, hold;
};

static void host_start(struct host *host, const char *name, const char *delay)
{
	_cleanup_free_ char *scene = path_of("top_builddir", "tests/scenes/scene");
	_cleanup_free_ char *waiting = path_of("top_srcdir", "tests/cmd/waiting.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");

	*host = (struct host){.folder = temporary_folder()};
	const char *const argv[] = {
	        scene, name, waiting, host->folder, program, "-t", "uts", delay, NULL};
	host->go = make_fifo(host->folder, "go");
	host->said = make_fifo(host->folder, "said");
	host->hold = make_fifo(host->folder, "hold");
	host->pty = pty_start(&(struct pty_options){.rows = 24, .columns = 100, .argv = argv});
}

/* nsbrowse has ended by that status, and so has all of the scene. */
static void host_end(struct host *host, const char *ended)
{
	int status = -1;

	assert_true(pty_wait_end(host->pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
	assert_true(pty_shows(host->pty, ended));
	assert_given_back(host->pty);
	pty_free(host->pty);
	close(host->go);
	close(host->said);
	close(host->hold);
	remove_folder(host->folder);
	free(host->folder);
}

static void tell(const struct host *host, const char *word)
{
	assert_int_equal(write(host->go, word, strlen(word)), strlen(word));
}

static void tell_and_wait(const struct host *host, const char *word)
{
	char answer[16];

	tell(host, word);
	assert_true(wait_readable(host->said));
	assert_int_equal(read(host->said, answer, sizeof(answer)), strlen(word));
}

static void wait_for_picture(const struct host *host)
{
	assert_true(pty_wait_for(host->pty, "locked-2 ("));
	assert_true(pty_wait_for(host->pty, "locked-0 ("));
	assert_true(pty_wait_for(host->pty, "partial"));
}

static void wait_for_partial(const struct host *host)
{
	assert_true(pty_wait_for(host->pty, "partial"));
	assert_true(pty_wait_without(host->pty, "reading"));
}

/* While the first scan waits only the frame is there. */
static void wait_for_frame(const struct host *host)
{
	assert_true(pty_wait_for(host->pty, "10Quit"));
}

typedef void host_fn(const struct host *host);

/* Milliseconds from `leave` to the end, after `wait`. */
static int64_t leave_after(const char *scene, host_fn *wait, host_fn *leave, const char *ended)
{
	struct host host;

	host_start(&host, scene, "--delay=0.1");
	wait(&host);
	const int64_t start = monotonic_ms();
	leave(&host);
	assert_true(pty_wait_for(host.pty, "ended by "));
	const int64_t took = monotonic_ms() - start;
	host_end(&host, ended);
	return took;
}

static void quit(const struct host *host)
{
	pty_type(host->pty, "q");
}

static void terminate(const struct host *host)
{
	tell(host, "term\n");
}

/* A machine that is busy may be late, but not each time. */
static void assert_soon(const char *scene, host_fn *wait, host_fn *leave, const char *ended)
{
	if (!has_scene(scene)) /* no overlay, for example */
		return;
	int64_t took = leave_after(scene, wait, leave, ended);

	for (int i = 1; i < ATTEMPTS && took >= SOON_MS; i++)
		took = leave_after(scene, wait, leave, ended);
	print_message("# R9: %s: gone after %lld ms\n", scene, (long long)took);
	assert_in_range(took, 0, SOON_MS - 1);
}

static void test_it_ends_as_always(void **state)
{
	(void)state;
	assert_soon("locked3", wait_for_picture, quit, "ended by 0");
	assert_soon("locked3", wait_for_picture, terminate, "ended by 143");
	assert_soon("locked3", wait_for_frame, quit, "ended by 0");
	assert_soon("locked3", wait_for_frame, terminate, "ended by 143");
	assert_soon("overlay3", wait_for_partial, quit, "ended by 0");
	assert_soon("overlay3", wait_for_frame, quit, "ended by 0");
	assert_soon("lxcfs-stopped", wait_for_partial, quit, "ended by 0");
}

/* A page that opens and closes again, while refreshes go on: the shortest time of some. No thread
 * is in state D meanwhile, at least when that is looked at. */
static int64_t time_key(const struct host *host)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < ATTEMPTS; i++) {
		const int64_t start = monotonic_ms();

		pty_press(host->pty, "!");
		assert_true(pty_wait_for(host->pty, "what could not be read"));
		least = MIN(least, monotonic_ms() - start);
		pty_press(host->pty, "q");
		assert_true(pty_wait_without(host->pty, "what could not be read"));
		tell_and_wait(host, "awake\n");
	}
	return least;
}

static void test_keys_are_answered(void **state)
{
	static const char *const scenes[] = {
	        "locked1", "locked3", "overlay1", "overlay3", "overlay3-stopped", "lxcfs"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
		struct host host;

		if (!has_scene(scenes[i]))
			continue;
		host_start(&host, scenes[i], "--delay=0.1");
		wait_for_partial(&host);
		const int64_t took = time_key(&host);
		print_message(
		        "# R9: %s: a key is answered after %lld ms\n", scenes[i], (long long)took);
		assert_in_range(took, 0, KEY_MS);
		pty_type(host.pty, "q");
		host_end(&host, "ended by 0");
	}
}

static void test_the_reason_is_told(void **state)
{
	struct host host;

	(void)state;
	host_start(&host, "locked3", "--delay=0");
	wait_for_picture(&host);
	pty_press(host.pty, "!");
	assert_true(
	        pty_wait_for(host.pty, "some command lines or mounts could not be read in time"));
	pty_press(host.pty, "q");
	pty_type(host.pty, "q");
	host_end(&host, "ended by 0");
}

/* A scan that is open goes on: the process keeps its row, and new ones appear. No event tells that
 * its command line cannot be read any more. */
static void test_an_open_screen_goes_on(void **state)
{
	struct host host;

	(void)state;
	host_start(&host, "locking", "--delay=0.1");
	assert_true(pty_wait_for(host.pty, "scene ("));
	assert_true(pty_wait_without(host.pty, "reading"));
	assert_false(pty_shows(host.pty, "locked-0 ("));
	tell_and_wait(&host, "lock\n");
	pty_type(host.pty, "r");
	assert_true(pty_wait_for(host.pty, "locked-0 ("));
	assert_true(pty_wait_for(host.pty, "partial"));
	tell_and_wait(&host, "new\n");
	assert_true(pty_wait_for(host.pty, " sh ("));
	pty_type(host.pty, "q");
	host_end(&host, "ended by 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_it_ends_as_always),
	        cmocka_unit_test(test_keys_are_answered),
	        cmocka_unit_test(test_the_reason_is_told),
	        cmocka_unit_test(test_an_open_screen_goes_on),
	};

	/* The very thing that is needed, tried first. */
	if (!has_scene("locked1"))
		return skipped("the scene cannot be made here");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
