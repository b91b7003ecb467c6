/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that reads facts and mounts: they do not wait for a scan that runs. */

#include "base/memory.h"
#include "scan/facts.h"
#include "scan/mounts_read.h"
#include "scan/ns_facts.h"
#include "scan/worker.h"
#include "scan/worker_internal.h"

/* --- queues ----------------------------------------------------------------------------------- */

static void push(struct ns_queue *queue, struct ns_item *item)
{
	item->next = NULL;
	if (queue->last)
		queue->last->next = item;
	else
		queue->first = item;
	queue->last = item;
}

/* NULL if it is empty. */
static struct ns_item *pop(struct ns_queue *queue)
{
	struct ns_item *const item = queue->first;

	if (item)
		queue->first = item->next;
	if (!queue->first)
		queue->last = NULL;
	return item;
}

static void free_item(struct ns_item *item)
{
	model_unref(item->model);
	ns_facts_unref(item->facts);
	free(item);
}

static void clear(struct ns_queue *queue)
{
	struct ns_item *item;

	while ((item = pop(queue)))
		free_item(item);
}

void worker_facts_release(struct worker *worker)
{
	clear(&worker->shown);
	clear(&worker->waiting);
	clear(&worker->answers);
	model_unref(worker->mounts_request);
	mounts_unref(worker->mounts);
}

/* --- the thread ------------------------------------------------------------------------------- */

static void read_process_facts(struct worker *worker, const struct process_facts *request)
{
	struct process_facts facts;

	facts_read_process(worker->kernel, request->pid, request->started, &facts);
	pthread_mutex_lock(&worker->mutex);
	worker->facts = facts;
	worker->has_facts = true;
	worker_notify(worker);
	pthread_mutex_unlock(&worker->mutex);
}

/* Takes the item. */
static void read_ns_facts(struct worker *worker, struct ns_item *item)
{
	const struct ns *const ns = model_find_tag(item->model, item->tag);

	if (!ns || ns_facts_read(worker->kernel, item->model, ns, item->what, &item->facts) < 0) {
		free_item(item);
		return;
	}
	model_unref(item->model);
	item->model = NULL;
	pthread_mutex_lock(&worker->mutex);
	push(&worker->answers, item);
	worker_notify(worker);
	pthread_mutex_unlock(&worker->mutex);
}

/* Takes the reference. */
static void read_mounts(struct worker *worker, const struct model *model)
{
	const struct mounts *mounts = NULL, *replaced;
	const int r = mounts_read(worker->kernel, model, &worker->progress.is_cancelled, &mounts);

	model_unref(model);
	if (r < 0)
		return;
	pthread_mutex_lock(&worker->mutex);
	replaced = worker->mounts;
	worker->mounts = mounts;
	worker_notify(worker);
	pthread_mutex_unlock(&worker->mutex);
	mounts_unref(replaced);
}

static void read_features(struct worker *worker)
{
	struct kernel_features features;

	worker->kernel->ops->features(worker->kernel, &features);
	pthread_mutex_lock(&worker->mutex);
	worker->features = features;
	worker->has_features = true;
	worker_notify(worker);
	pthread_mutex_unlock(&worker->mutex);
}

/* What is to be read next; none of these: the thread ends. */
struct facts_work {
	bool is_process, are_features;
	struct process_facts process;
	struct ns_item *ns;
	const struct model *mounts;
};

static bool is_facts_work(const struct worker *worker)
{
	return worker->is_facts_requested || worker->shown.first ||
	       worker->are_features_requested || worker->mounts_request || worker->waiting.first;
}

/* The page of a process is on the screen: it goes first. */
static struct facts_work wait_for_facts_request(struct worker *worker)
{
	struct facts_work work = {0};

	pthread_mutex_lock(&worker->mutex);
	while (!is_facts_work(worker) && !worker->is_ending)
		pthread_cond_wait(&worker->facts_wanted, &worker->mutex);
	if (!worker->is_ending && worker->is_facts_requested) {
		work.is_process = true;
		work.process = worker->facts_request;
		worker->is_facts_requested = false;
	} else if (!worker->is_ending && !worker->shown.first && worker->are_features_requested) {
		work.are_features = true;
		worker->are_features_requested = false;
	} else if (!worker->is_ending && !worker->shown.first && worker->mounts_request) {
		work.mounts = worker->mounts_request;
		worker->mounts_request = NULL;
	} else if (!worker->is_ending) {
		work.ns = pop(worker->shown.first ? &worker->shown : &worker->waiting);
	}
	pthread_mutex_unlock(&worker->mutex);
	return work;
}

void *worker_facts_run(void *data)
{
	struct worker *const worker = data;

	for (;;) {
		const struct facts_work work = wait_for_facts_request(worker);

		if (work.is_process)
			read_process_facts(worker, &work.process);
		else if (work.ns)
			read_ns_facts(worker, work.ns);
		else if (work.are_features)
			read_features(worker);
		else if (work.mounts)
			read_mounts(worker, work.mounts);
		else
			break;
	}
	worker_end_thread(worker);
	return NULL;
}

/* --- requests and results --------------------------------------------------------------------- */

void worker_request_facts(struct worker *worker, pid_t pid, uint64_t started)
{
	pthread_mutex_lock(&worker->mutex);
	worker->facts_request = (struct process_facts){.pid = pid, .started = started};
	worker->is_facts_requested = true;
	pthread_cond_signal(&worker->facts_wanted);
	pthread_mutex_unlock(&worker->mutex);
}

bool worker_take_facts(struct worker *worker, struct process_facts *ret)
{
	pthread_mutex_lock(&worker->mutex);
	const bool has_facts = worker->has_facts;
	if (has_facts)
		*ret = worker->facts;
	worker->has_facts = false;
	pthread_mutex_unlock(&worker->mutex);
	return has_facts;
}

void worker_request_ns_facts(
        struct worker *worker, const struct model *model, const struct ns *ns, unsigned what)
{
	struct ns_item *const item = memory_new(sizeof(*item));

	*item = (struct ns_item){.model = model_ref(model), .tag = ns->tag, .what = what};
	pthread_mutex_lock(&worker->mutex);
	push(what & NS_FACTS_FIRST ? &worker->shown : &worker->waiting, item);
	pthread_cond_signal(&worker->facts_wanted);
	pthread_mutex_unlock(&worker->mutex);
}

void worker_drop_ns_facts(struct worker *worker)
{
	pthread_mutex_lock(&worker->mutex);
	clear(&worker->waiting);
	pthread_mutex_unlock(&worker->mutex);
}

const struct ns_facts *worker_take_ns_facts(struct worker *worker)
{
	const struct ns_facts *facts = NULL;
	struct ns_item *item;

	pthread_mutex_lock(&worker->mutex);
	item = pop(&worker->answers);
	pthread_mutex_unlock(&worker->mutex);
	if (item) {
		facts = ns_facts_ref(item->facts);
		free_item(item);
	}
	return facts;
}

void worker_request_mounts(struct worker *worker, const struct model *model)
{
	const struct model *replaced;

	pthread_mutex_lock(&worker->mutex);
	replaced = worker->mounts_request;
	worker->mounts_request = model_ref(model);
	pthread_cond_signal(&worker->facts_wanted);
	pthread_mutex_unlock(&worker->mutex);
	model_unref(replaced);
}

const struct mounts *worker_take_mounts(struct worker *worker)
{
	const struct mounts *mounts;

	pthread_mutex_lock(&worker->mutex);
	mounts = worker->mounts;
	worker->mounts = NULL;
	pthread_mutex_unlock(&worker->mutex);
	return mounts;
}

void worker_request_features(struct worker *worker)
{
	pthread_mutex_lock(&worker->mutex);
	worker->are_features_requested = true;
	pthread_cond_signal(&worker->facts_wanted);
	pthread_mutex_unlock(&worker->mutex);
}

bool worker_take_features(struct worker *worker, struct kernel_features *ret)
{
	pthread_mutex_lock(&worker->mutex);
	const bool has_features = worker->has_features;
	if (has_features)
		*ret = worker->features;
	worker->has_features = false;
	pthread_mutex_unlock(&worker->mutex);
	return has_features;
}
