/* SPDX-License-Identifier: Apache-2.0 */
/* The snapshots in the tree: each loads, is a consistent model, and is written again as it is. */
#include "model/builder.h"
#include "model/net_facts.h"
#include "model/ns_facts.h"
#include "tests/snapshot/text.h"

#define FIXTURES "tests/snapshot/fixtures/"

static void assert_canonical(const char *name)
{
	_cleanup_bytes_ struct bytes text = read_source(name);
	_cleanup_model_ const struct model *model = load(text.bytes, text.len);
	_cleanup_bytes_ struct bytes saved = save(model, NULL);

	assert_int_equal(saved.len, text.len);
	assert_memory_equal(saved.bytes, text.bytes, text.len);
}

static void all_are_canonical(void **state _unused_)
{
	assert_canonical("data/demo.json");
	assert_canonical(FIXTURES "facts.json");
	assert_canonical(FIXTURES "mounts.json");
	assert_canonical(FIXTURES "small.json");
	assert_canonical(FIXTURES "partial.json");
	assert_canonical(FIXTURES "hostile.json");
}

static const struct model *load_source(const char *name)
{
	_cleanup_bytes_ struct bytes text = read_source(name);

	return load(text.bytes, text.len);
}

static const struct ns_facts *facts_of(const struct model *model, enum nstype type, uint64_t inode)
{
	const struct ns *const ns = model_find(model, type, inode);

	assert_non_null(ns);
	assert_non_null(ns->facts);
	assert_int_equal(ns->facts->type, type);
	return ns->facts;
}

static void facts_are_read(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source(FIXTURES "facts.json");
	const struct ns_facts *facts = facts_of(model, NS_CGROUP, 4026531835);

	assert_int_equal(facts->cgroup.n_roots, 2);
	assert_string_equal(facts->cgroup.roots[0].hierarchy, "name=systemd");
	assert_string_equal(facts->cgroup.roots[1].path, "/\xff\n");
	facts = facts_of(model, NS_IPC, 4026531839);
	assert_int_equal(facts->ipc.kinds[NS_FACTS_SHM].size, 14096);
	assert_int_equal(facts->ipc.kinds[NS_FACTS_MQUEUE].error, EOPNOTSUPP);
	facts = facts_of(model, NS_MNT, 4026531832);
	assert_int_equal(facts->mnt.n_mounts, 41);
	assert_true(facts->mnt.is_at_least && facts->mnt.is_read_only);
	assert_int_equal(facts_of(model, NS_NET, 4026532600)->error, EPERM);
	facts = facts_of(model, NS_PID, 4026532585);
	assert_int_equal(facts->pid.dying, NS_FACTS_DYING);
	assert_int_equal(facts->pid.waits_for, 1503);
	assert_int_equal(facts->pid.state, 'D');
	assert_int_equal(facts_of(model, NS_PID, 4026531836)->pid.dying, NS_FACTS_DYING_UNKNOWN);
	facts = facts_of(model, NS_TIME, 4026531834);
	assert_true(facts->time.boottime.seconds == -1);
	facts = facts_of(model, NS_USER, 4026532582);
	assert_int_equal(facts->user.n_subuid, 2);
	assert_string_equal(facts->user.subuid[1].owner, "1000");
	assert_int_equal(facts->user.host_root, NS_FACTS_NO);
	assert_true(facts->user.n_overlaps == 1 && facts->user.has_more_overlaps);
	assert_int_equal(facts->user.limits[NS_NET].error, EPERM);
	assert_false(facts->user.limits[NS_NET].is_known);
	facts = facts_of(model, NS_USER, 4026531837);
	assert_true(facts->user.limits[NS_NET].is_known && facts->user.limits[NS_NET].max == 2);
	assert_int_equal(facts->user.limits[NS_TIME].error, ENOENT);
	assert_null(facts_of(model, NS_USER, 4026532583)->user.limits);
	assert_string_equal(facts_of(model, NS_UTS, 4026531838)->uts.host, "in\033[31m\nside");
}

static const struct mount_entry *mount_of(const struct mount_table *table, unsigned id)
{
	const struct mount_entry *entry = mounts_find_entry(table, id);

	assert_non_null(entry);
	return entry;
}

static void mounts_are_read(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source(FIXTURES "mounts.json");
	const struct mount_table *table = mounts_find(model->mounts, 4026531832);
	const struct mount_entry *entry;

	assert_int_equal(model->mounts->n, 3);
	assert_true(table && table->n == 4 && !table->error && !table->is_at_least);
	entry = mount_of(table, 22);
	assert_true(entry->major == 8 && entry->minor == 17 && entry->shared == 1);
	assert_true(entry->depth == 0 && entry->parent_id == 1);
	entry = mount_of(table, 30);
	assert_true(entry->master == UINT32_MAX && entry->propagate_from == 1);
	assert_true(entry->is_covered && !entry->is_unbindable && !entry->source);
	assert_string_equal(entry->root, "/x\ny");
	assert_string_equal(entry->fs_options, "rw,user\\054id=0");
	entry = mount_of(table, 32);
	assert_string_equal(entry->point, "/mnt/\xff");
	assert_true(entry->depth == 2 && entry->source && !*entry->source);
	assert_ptr_equal(entry->type, mount_of(table, 31)->type);
	assert_true(mount_of(table, 31)->is_unbindable);
	table = mounts_find(model->mounts, 4026532601);
	assert_true(table && table->is_at_least && table->n == 0);
	table = mounts_find(model->mounts, 4026532609);
	assert_true(table && table->error == EACCES && table->n == 0);
}

/* The numbers of some mount namespaces that were read are those of others now, or of none. */
static void mounts_are_those_of_the_model(void **state _unused_)
{
	struct builder *const builder = builder_new();
	struct mounts_builder *const all = mounts_builder_new();

	builder_ns(builder, NS_MNT, 4, 7, NULL)->tag = 70;
	builder_ns(builder, NS_MNT, 4, 8, NULL)->tag = 80;
	builder_ns(builder, NS_UTS, 4, 9, NULL)->tag = 90;
	_cleanup_model_ const struct model *model = NULL;
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	for (uint64_t mnt = 7; mnt <= 10; mnt++) {
		mounts_builder_set_tag(all, mnt == 8 ? 81 : mnt * 10);
		mounts_builder_end(all, mnt, EACCES, false);
	}
	const struct mounts *const mounts = mounts_builder_finish(all);
	struct bytes text = {0};
	FILE *out = open_memstream(&text.bytes, &text.len);
	assert_non_null(out);
	snapshot_write_with_mounts(out, model, mounts, NULL, false);
	assert_int_equal(fclose(out), 0);
	mounts_unref(mounts);
	_cleanup_model_ const struct model *read = load(text.bytes, text.len);
	free(text.bytes);
	assert_non_null(read->mounts);
	assert_int_equal(read->mounts->n, 1);
	assert_int_equal(read->mounts->tables[0]->mnt, 7);
}

static void network_facts_are_read(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source(FIXTURES "facts.json");
	const struct ns_facts *const facts = facts_of(model, NS_NET, 4026531833);
	const struct net_facts *const net = facts->net;

	assert_int_equal(facts->what, NS_FACTS_LINKS);
	assert_true(net->parts[NET_PART_LOCAL].is_cut);
	assert_int_equal(net->parts[NET_PART_PROCESSES].error, EACCES);
	assert_int_equal(net->n_interfaces, 4);
	assert_int_equal(net->interfaces[0].n_addresses, 2);
	assert_int_equal(net->interfaces[1].peer.state, NET_PEER_THERE);
	assert_true(net->interfaces[1].peer.ns_inode == 4026532600);
	assert_int_equal(net->interfaces[1].mac[5], 1);
	assert_int_equal(net->interfaces[2].peer.nsid, -1);
	assert_int_equal(net->interfaces[3].peer.state, NET_PEER_UNKNOWN);
	assert_int_equal(net->interfaces[3].master, -1);
	assert_null(net->interfaces[3].name);
	assert_int_equal(net->n_routes, 2);
	assert_true(net->routes[0].has_gateway && !net->routes[1].has_gateway);
	assert_int_equal(net->n_sockets, 2);
	assert_int_equal(net->sockets[0].processes[1].pid, 1468);
	assert_int_equal(net->sockets[1].port, 53);
}

static size_t count_holders(const struct model *model, enum holder_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		for (size_t j = 0; j < model->namespaces[i]->n_holders; j++)
			n += model->namespaces[i]->holders[j].kind == kind;
	}
	return n;
}

/* The fixture has the cases that it is made for. */
static void demo_has_everything(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("data/demo.json");
	unsigned deepest = 0;
	size_t hidden = 0;

	assert_string_equal(model->host.name, "db7");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		assert_true(model_count(model, type) > 1);
	for (enum holder_kind kind = 0; kind < HOLDER_KINDS; kind++)
		assert_true(kind == HOLDER_OTHER || count_holders(model, kind) > 0);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->depth > deepest)
			deepest = ns->depth;
		hidden += ns->type == NS_USER && ns->n_processes == 0;
		/* Each namespace has a process or a holder. */
		assert_true(ns->n_processes > 0 || ns->n_holders > 0);
	}
	assert_true(deepest >= 3);
	assert_int_equal(hidden, 2);
	assert_int_equal(model->host.partial, 0);
	assert_int_equal(model->n_notes, 0);
}

static size_t count_containers(const struct model *model, enum container_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_containers; i++)
		n += model->containers[i]->kind == kind;
	return n;
}

/* Containers of several engines, two pods, one container in another, and what is in namespaces. */
static void demo_has_containers_and_facts(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("data/demo.json");
	size_t n_pods = 0, n_nested = 0, n_stuck = 0;

	assert_true(count_containers(model, CONTAINER_DOCKER) > 0);
	assert_true(count_containers(model, CONTAINER_PODMAN) > 0);
	assert_true(count_containers(model, CONTAINER_FLATPAK) > 0);
	assert_true(count_containers(model, CONTAINER_UNIT) > 0);
	for (size_t i = 0; i < model->n_containers; i++) {
		n_pods += model->containers[i]->is_sandbox;
		n_nested += model->containers[i]->outer != NULL;
		assert_non_null(model->containers[i]->leader);
	}
	assert_int_equal(n_pods, 2);
	assert_int_equal(n_nested, 1);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		n_stuck += ns->type == NS_NET && model_is_leaked(ns);
		assert_true(ns->facts || !ns->n_processes);
	}
	assert_true(n_stuck > 0);
}

static void demo_has_one_number_for_each(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("data/demo.json");

	for (size_t i = 0; i < model->n_namespaces; i++) {
		for (size_t j = 0; j < i; j++)
			assert_true(model->namespaces[i]->inode != model->namespaces[j]->inode);
	}
}

static void partial_keeps_its_states(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source(FIXTURES "partial.json");
	const struct ns *top = model_find(model, NS_USER, 4026532710);
	const struct ns *other = model_find(model, NS_USER, 4026532740);

	assert_non_null(top);
	assert_int_equal(top->parent.state, REL_HIDDEN);
	assert_int_equal(top->n_children, 2);
	assert_int_equal(top->owner_uid, 65534);
	assert_non_null(other);
	assert_int_equal(other->owner_uid_state, REL_UNSUPPORTED);
	assert_int_equal(other->maps_state, REL_FAILED);
	assert_null(model_find_process(model, 1)->ns[NS_USER]);
	assert_int_equal(model_find_process(model, 81)->uid_state, REL_FAILED);
	assert_int_equal(model_find_process(model, 81)->state, 0);
	assert_true(model_is_partial_by(model, PARTIAL_USER_NAMESPACE));
	assert_true(model_is_partial_by(model, PARTIAL_HIDEPID));
}

/* A file that has its reasons as notes, as it was written before `partial`. */
static void reasons_of_an_earlier_file(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("tests/snapshot/earlier.json");

	assert_int_equal(model->host.partial,
	        1u << PARTIAL_UNREADABLE | 1u << PARTIAL_HIDEPID | 1u << PARTIAL_USER_NAMESPACE);
	assert_int_equal(model->n_notes, 2);
	assert_round_trip(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_are_canonical),
	        cmocka_unit_test(facts_are_read),
	        cmocka_unit_test(mounts_are_read),
	        cmocka_unit_test(mounts_are_those_of_the_model),
	        cmocka_unit_test(network_facts_are_read),
	        cmocka_unit_test(reasons_of_an_earlier_file),
	        cmocka_unit_test(demo_has_everything),
	        cmocka_unit_test(demo_has_containers_and_facts),
	        cmocka_unit_test(demo_has_one_number_for_each),
	        cmocka_unit_test(partial_keeps_its_states),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
