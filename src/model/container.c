/* SPDX-License-Identifier: Apache-2.0 */
#include "model/container.h"

#include "base/u64.h"

#include <string.h>

struct kind_row {
	const char *name;
	bool is_label;
};

static const struct kind_row kinds[CONTAINER_KINDS] = {
#define CONTAINER(id, name)       [CONTAINER_##id] = {name, false},
#define CONTAINER_LABEL(id, name) [CONTAINER_##id] = {name, true},
#include "model/containers.def"
};

const char *container_kind_name(enum container_kind kind)
{
	return kinds[kind].name;
}

const char *container_trust_name(enum trust trust)
{
	static const char *const names[] = {[TRUST_ROOT] = "root",
	        [TRUST_USER] = "user",
	        [TRUST_CONTAINER] = "container",
	        [TRUST_UNKNOWN] = "unknown"};

	return names[trust];
}

bool container_is_label(const struct container *container)
{
	return kinds[container->kind].is_label;
}

/* Bits 62 and 63 tell what a tag is of: kernel ids have neither, other tags of namespaces have only
 * bit 63 (BUILDER_OWN_TAG), processes have both. */
uint64_t container_hash(const struct container *container)
{
	const uint64_t numbers[] = {container->trust,
	        container->trust == TRUST_USER ? container->trust_uid : 0,
	        container->outer ? container->outer->tag : 0};
	uint64_t hash = u64_set_hash(0, container->kind_name, strlen(container->kind_name) + 1);

	hash = u64_set_hash_more(hash, container->id, strlen(container->id));
	hash = u64_set_hash_more(hash, (const char *)numbers, sizeof(numbers));
	return UINT64_C(1) << 62 | hash >> 2;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return text ? u64_set_hash_more(hash, text, strlen(text) + 1) : hash;
}

/* No process has PID 0. Pods that different users or containers know by the same id are different
 * ones. */
uint64_t container_pod_hash(const struct container *container)
{
	enum { HASH_BITS = 40, FIRST = 16 };
	const uint64_t numbers[] = {container->trust,
	        container->trust == TRUST_USER ? container->trust_uid : 0,
	        container->outer ? container->outer->tag : 0};
	uint64_t hash = u64_set_hash(0, (const char *)numbers, sizeof(numbers));

	if (!container->pod_id && !container->pod)
		return 0;
	hash = hash_text(hash, container->pod_id);
	if (!container->pod_id)
		hash = hash_text(hash_text(hash, container->pod_namespace), container->pod);
	return UINT64_C(3) << 62 | (FIRST + hash % ((UINT64_C(1) << HASH_BITS) - FIRST));
}

bool container_is_same(const struct container *a, const struct container *b)
{
	return a->kind == b->kind && a->trust == b->trust && a->outer == b->outer &&
	       (a->trust != TRUST_USER || a->trust_uid == b->trust_uid) &&
	       strcmp(a->kind_name, b->kind_name) == 0 && strcmp(a->id, b->id) == 0;
}
