/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words_container.h"

#include "base/escape.h"
#include "view/partial.h"
#include "view/sharing.h"
#include "view/words.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum {
	ID_LENGTH = 64,
	ID_SHORT = 12,    /* digits of an id, as container engines show it, */
	POD_ID_SHORT = 8, /* and of the UID of a pod: those before its first hyphen */
};

static void write_text(FILE *out, const char *raw)
{
	escape_write_name(out, raw, 0);
}

static bool is_set(const char *text)
{
	return text && *text;
}

/* An id of 64 digits is cut; another one is the name that the engine knows. */
static void write_id(FILE *out, const char *id)
{
	const size_t len = strnlen(id, ID_LENGTH + 1);

	if (len == ID_LENGTH && strspn(id, "0123456789abcdef") == len)
		escape_write(out, id, ID_SHORT, 0);
	else
		write_text(out, id);
}

void words_container_pod(FILE *out, const struct container *container)
{
	if (is_set(container->pod)) {
		write_text(out, container->pod);
		fputs(" (pod)", out);
	} else if (is_set(container->pod_id)) {
		fputs("pod ", out);
		escape_write(out, container->pod_id, strnlen(container->pod_id, POD_ID_SHORT), 0);
	}
}

static bool has_pod(const struct container *container)
{
	return is_set(container->pod) || is_set(container->pod_id);
}

static void write_itself(FILE *out, const struct container *container)
{
	if (is_set(container->name)) {
		write_text(out, container->name);
		return;
	}
	if (!container_is_label(container)) {
		write_text(out, container->kind_name);
		fputc(' ', out);
	}
	write_id(out, container->id);
}

void words_container(FILE *out, const struct container *container)
{
	if (has_pod(container) && container->is_sandbox) {
		fputs("sandbox of ", out);
		words_container_pod(out, container);
	} else {
		write_itself(out, container);
		if (has_pod(container)) {
			fputs(" in ", out);
			words_container_pod(out, container);
		}
	}
	if (container->is_unverified)
		fputs(" (unverified)", out);
}

void words_container_trust(FILE *out, const struct container *container, const struct names *names)
{
	if (container->is_unverified) {
		fputs("unverified", out);
		return;
	}
	switch (container->trust) {
	case TRUST_ROOT:
		fputs("root", out);
		return;
	case TRUST_USER:
		fputs("user ", out);
		words_user(out, container->trust_uid, names);
		fputs(" says", out);
		return;
	case TRUST_CONTAINER:
		fputs("inside ", out);
		words_container(out, container->outer);
		fputs(" says", out);
		return;
	case TRUST_UNKNOWN:
		break;
	}
	fputs("unknown", out);
}

/* A container below the line of its pod. */
static void write_below_pod(FILE *out, const struct container *container)
{
	if (has_pod(container) && container->is_sandbox)
		fputs("sandbox", out);
	else
		write_itself(out, container);
	if (container->is_unverified)
		fputs(" (unverified)", out);
	if (container->trust == TRUST_CONTAINER)
		fputs(" (claimed)", out);
}

void words_container_unread(FILE *out, const struct container *container)
{
	static const struct {
		int error;
		const char *text;
	} reasons[] = {
	        {EACCES, "no permission"},
	        {EPERM, "another user could have changed the file"},
	        {ELOOP, "a symbolic link"},
	        {EXDEV, "another mount"},
	        {EREMOTE, "not on a local file system"},
	        {EINVAL, "not a regular file"},
	        {EFBIG, "the file is too long"},
	        {EBADMSG, "the file is malformed"},
	        {ETIMEDOUT, "access to the file hung"},
	        {EAGAIN, "no process could be started"},
	        {EPIPE, "the helper process has ended"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (reasons[i].error == container->name_error) {
			fputs(reasons[i].text, out);
			return;
		}
	}
	if (container->name_error)
		fputs(strerror(container->name_error), out);
}

void words_container_line(FILE *out, const struct node *node)
{
	if (node->container)
		write_below_pod(out, node->container);
	else if (node->group == GROUP_POD)
		words_container_pod(out, node->pod);
	else if (node->group == GROUP_UNITS)
		fprintf(out, "%zu %s", node->n_members, node->n_members == 1 ? "unit" : "units");
	else
		fputs("host", out);
}

/* --- own and shared namespaces --------------------------------------------------------------- */

static const char letters[NS_TYPES] = {
        [NS_CGROUP] = 'C',
        [NS_IPC] = 'I',
        [NS_MNT] = 'M',
        [NS_NET] = 'N',
        [NS_PID] = 'P',
        [NS_TIME] = 'T',
        [NS_USER] = 'U',
        [NS_UTS] = 'S',
};

static char sign_of(enum sharing sharing, enum nstype type)
{
	switch (sharing) {
	case SHARING_OWN:
		return letters[type];
	case SHARING_HOST:
	case SHARING_NONE:
		return '-';
	case SHARING_OTHERS:
		return (char)tolower((unsigned char)letters[type]);
	case SHARING_UNKNOWN:
		break;
	}
	return '?';
}

/* True if a container that is not in the pod is in `ns`, too. */
static bool is_shared_outside(const struct ns *ns, uint64_t pod)
{
	struct sharing_list list;
	bool is_outside = false;

	sharing_others(&list, ns, NULL);
	for (size_t i = 0; i < list.n; i++)
		is_outside |= list.all[i]->pod_tag != pod;
	sharing_release(&list);
	return is_outside;
}

/* The namespace of that type which all containers of a pod are in. NULL: it is not known of one of
 * them, or not all are in the same. */
static const struct ns *ns_of_pod(
        const struct model *model, uint64_t pod, enum nstype type, bool *ret_is_known)
{
	const struct ns *all = NULL;
	bool is_same = true;

	*ret_is_known = true;
	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *container = model->containers[i];

		if (container->outer || container->pod_tag != pod)
			continue;
		const struct ns *ns = sharing_ns(container, type);
		*ret_is_known &= ns != NULL;
		is_same &= !all || ns == all;
		all = ns;
	}
	return is_same ? all : NULL;
}

static char sign_of_pod(const struct model *model, const struct node *node, enum nstype type)
{
	const uint64_t pod = node->pod->pod_tag;
	bool is_known;
	const struct ns *ns = ns_of_pod(model, pod, type, &is_known);

	if (!is_known)
		return '?';
	if (!ns)
		return '+';
	const enum sharing sharing = sharing_of(model, node->pod, type);
	if (sharing == SHARING_OTHERS && !is_shared_outside(ns, pod))
		return letters[type];
	return sign_of(sharing, type);
}

static bool is_known_of_host(const struct model *model, enum nstype type)
{
	return sharing_host(model, type) || sharing_lacks(model, type);
}

void words_container_types(FILE *out, const struct model *model, const struct node *node)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (node->container)
			fputc(sign_of(sharing_of(model, node->container, type), type), out);
		else if (node->group == GROUP_POD)
			fputc(sign_of_pod(model, node, type), out);
		else if (node->group == GROUP_HOST)
			fputc(is_known_of_host(model, type) ? '-' : '?', out);
	}
}

/* --- users ----------------------------------------------------------------------------------- */

enum { RANGES_MOST = 3 };

/* ID 0 outside is root of the host if the initial user namespace is in the model. */
static void write_map(FILE *out, const struct model *model, const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++) {
		if (!map->ranges[i].outside && sharing_host(model, NS_USER)) {
			fputs("host root mapped", out);
			return;
		}
	}
	for (size_t i = 0; i < map->n && i < RANGES_MOST; i++)
		fprintf(out, "%s%" PRIu32 " x%" PRIu32, i ? ", " : "", map->ranges[i].outside,
		        map->ranges[i].count);
	if (map->n > RANGES_MOST)
		fprintf(out, " and %zu more", map->n - RANGES_MOST);
	if (!map->n)
		fputs("not mapped", out);
}

void words_container_users(FILE *out, const struct model *model, const struct node *node)
{
	const struct container *container = node->container ? node->container : node->pod;
	const struct ns *ns = container ? sharing_ns(container, NS_USER) : node->ns;

	if (node->process || (node->ns && node->ns->type != NS_USER) || node->group == GROUP_UNITS)
		return;
	if (node->group == GROUP_HOST || (ns && ns == sharing_host(model, NS_USER)) ||
	        (container && !ns && sharing_of(model, container, NS_USER) == SHARING_NONE))
		fputs("host", out);
	else if (!ns || ns->maps_state != REL_KNOWN)
		fputc('?', out);
	else
		write_map(out, model, &ns->uid_map);
}

/* --- of a namespace -------------------------------------------------------------------------- */

void words_container_of_ns(FILE *out, const struct ns *ns)
{
	const struct container *container = ns->leader ? ns->leader->container : NULL;
	struct sharing_list list;

	if (!container)
		return;
	sharing_others(&list, ns, NULL);
	if (list.n > 1 && sharing_pod(&list)) {
		words_container_pod(out, container);
	} else {
		words_container(out, container);
		if (list.n > 1)
			fprintf(out, " and %zu more", list.n - 1);
	}
	sharing_release(&list);
}

void words_container_leader(FILE *out, const struct model *model, const struct ns *ns)
{
	if (!ns->leader || !ns->leader->container) {
		words_leader(out, model, ns);
		return;
	}
	words_container_of_ns(out, ns);
	fputs(": ", out);
	words_process(out, ns->leader);
}

/* --- lines of text --------------------------------------------------------------------------- */

static void write_quoted(FILE *out, const char *raw)
{
	fputc('"', out);
	escape_write_name(out, raw, '"');
	fputc('"', out);
}

/* `container "web" kind docker`, `container 9e1987cf07ac kind docker`, `unit "nginx.service"`. */
static void write_head(FILE *out, const struct container *container)
{
	fputs(container_is_label(container) ? container->kind_name : "container", out);
	fputc(' ', out);
	if (is_set(container->name) || container_is_label(container))
		write_quoted(out, is_set(container->name) ? container->name : container->id);
	else
		write_id(out, container->id);
	if (container->is_unverified)
		fputs(" (unverified)", out);
	if (container_is_label(container))
		return;
	fputs(" kind ", out);
	write_text(out, container->kind_name);
	if (container->is_sandbox)
		fputs(" sandbox", out);
}

static void write_pod_head(FILE *out, const struct container *pod)
{
	fputs("pod ", out);
	if (is_set(pod->pod))
		write_quoted(out, pod->pod);
	else
		write_id(out, pod->pod_id);
	if (is_set(pod->pod_namespace)) {
		fputs(" namespace ", out);
		write_quoted(out, pod->pod_namespace);
	}
}

void words_container_text(FILE *out, const struct model *model, const struct node *node)
{
	const struct process *process = node_process(node);

	if (node->container)
		write_head(out, node->container);
	else if (node->group == GROUP_POD)
		write_pod_head(out, node->pod);
	else
		words_container_line(out, node);
	if (node->group != GROUP_UNITS) {
		fputs(" types ", out);
		words_container_types(out, model, node);
		fputs(" users ", out);
		words_container_users(out, model, node);
	}
	fprintf(out, " processes %zu%s", node_count(node), partial_plus(model, NULL));
	if (process) {
		fputs(" leader ", out);
		words_process(out, process);
	}
}

void words_container_text_long(
        FILE *out, const struct container *container, const struct names *names)
{
	fputs(" id ", out);
	write_text(out, container->id);
	if (is_set(container->image)) {
		fputs(" image ", out);
		write_quoted(out, container->image);
	}
	fputs(" trust ", out);
	words_container_trust(out, container, names);
}
