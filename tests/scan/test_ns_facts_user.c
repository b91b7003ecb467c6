/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of user namespaces: which subordinate IDs they have, and which namespaces have the same,
 * with the real kernel. */
#include "tests/nsrel/world.h"
#include "tests/scan/facts_scene.h"
#include "tests/unit.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>

static int make_user(void)
{
	return unshare(CLONE_NEWUSER) < 0 ? -errno : 0;
}

static pid_t begin_user(const char *uid_map, const char *gid_map)
{
	const pid_t pid = world_begin(make_user);
	char path[64];

	CHECK(pid > 0);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	CHECK(facts_scene_write(path, uid_map) == 0);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
	CHECK(facts_scene_write(path, gid_map) == 0);
	return pid;
}

static void use_own_etc(const char *nsswitch)
{
	CHECK(mount("tmpfs", "/etc", "tmpfs", 0, NULL) == 0);
	CHECK(facts_scene_write("/etc/subuid",
	              "# users\nann:100000:65536\nbob:165536:65536\n1000:100010:5\n"
	              "wrong:1\nwrong:x:1\nlast:4294967295:1\nover:4294967295:2\n") == 0);
	if (nsswitch)
		CHECK(facts_scene_write("/etc/nsswitch.conf", nsswitch) == 0);
}

/* Valid until the next call; the caller releases `*facts`, which is NULL at first. */
static const struct ns_facts_user *user_of(
        struct facts_scene *scene, pid_t pid, const struct ns_facts **facts)
{
	ns_facts_unref(*facts);
	*facts = facts_scene_read(scene, NS_USER, facts_scene_inode(pid, "user"));
	CHECK((*facts)->error == 0);
	return &(*facts)->user;
}

static bool is_subid(
        const struct ns_facts_subid *id, uint32_t first, uint32_t count, const char *owner)
{
	return id->first == first && id->count == count && strcmp(id->owner, owner) == 0;
}

static void find_users(struct facts_scene *scene)
{
	const struct ns_facts *facts = NULL;

	use_own_etc("passwd: files\nsubid:\tfiles\n");
	const pid_t ann = begin_user("0 100000 65536", "0 0 1");
	const pid_t both = begin_user("0 165000 1000\n1000 0 1", "0 1 1");
	const pid_t bob = begin_user("0 166000 1000", "0 2 1");

	facts_scene_start(scene, true);
	facts_scene_scan(scene);
	const struct ns_facts_user *user = user_of(scene, ann, &facts);
	CHECK(user->subuid_error == 0 && user->subgid_error == ENOENT);
	CHECK(user->n_subuid == 2 && is_subid(&user->subuid[0], 100000, 65536, "ann") &&
	        is_subid(&user->subuid[1], 100010, 5, "1000"));
	CHECK(user->host_root == NS_FACTS_NO);
	CHECK(user->n_overlaps == 1 && user->overlaps[0] == facts_scene_inode(both, "user"));
	user = user_of(scene, both, &facts);
	CHECK(user->n_subuid == 2 && is_subid(&user->subuid[0], 165000, 536, "ann") &&
	        is_subid(&user->subuid[1], 165536, 464, "bob"));
	CHECK(user->host_root == NS_FACTS_YES && user->n_overlaps == 1);
	user = user_of(scene, bob, &facts);
	CHECK(user->n_subuid == 1 && is_subid(&user->subuid[0], 166000, 1000, "bob"));
	CHECK(user->n_overlaps == 0 && !user->has_more_overlaps);
	user = user_of(scene, getpid(), &facts);
	CHECK(user->n_subuid == 0 && user->host_root == NS_FACTS_YES && user->n_overlaps == 0);
	CHECK(facts_scene_write("/etc/nsswitch.conf", "subid: sss     \n") == 0);
	user = user_of(scene, ann, &facts);
	CHECK(user->n_subuid == 0 && user->subuid_error == EOPNOTSUPP);
	ns_facts_unref(facts);
	facts_scene_stop(scene);
	world_end(ann);
	world_end(both);
	world_end(bob);
}

static void whose_ids(void **state)
{
	assert_int_equal(facts_scene_run(find_users), 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(whose_ids),
	};

	facts_scene_need(CLONE_NEWNS | CLONE_NEWUSER);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
