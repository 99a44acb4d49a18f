package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// routes is the list of everything that can be called.
func (s *Server) routes(a huma.API) {
	r := &routes{s, a, newLimits(s.Rate, s.Burst)}
	r.suggestions()
	r.tickets()
	r.widget()
	r.articles()
	r.cases()
	r.imports()
	r.feedback()
	r.learning()
	r.gaps()
	r.upkeep()
	r.connections()
	r.notices()
	r.reports()
	r.pilots()
	r.jobs()
	r.administration()
	r.session()
	r.people()
	r.audit()
	r.service()
	r.erasing()
}

func (r *routes) suggestions() {
	s := r.server
	op := r.op(call{"POST", "/suggestions", "suggest", "Draft a reply", auth.Ask, aboutSuggest})
	huma.Register(r.api, r.suggesting(op), s.suggest)
	delete(r.api.OpenAPI().Paths[op.Path].Post.RequestBody.Content, "application/octet-stream") // RawBody adds it
	add(r, r.op(call{"GET", "/suggestions/{id}", "suggestion", "Read a suggestion again", auth.Ask, "As it was made, whatever has happened to its sources since."}), s.suggestion)
	add(r, r.op(call{"POST", "/search", "search", "Find sources without drafting", auth.Ask, aboutSearch}), s.search)
}

func (r *routes) articles() {
	s := r.server
	add(r, r.op(call{"GET", "/articles", "list-articles", "List articles", auth.Read, aboutList}), s.listArticles)
	add(r, r.op(call{"GET", "/articles/{id}", "article", "Read an article", auth.Read, ""}), s.article)
	add(r, r.op(call{"PUT", "/articles/{id}", "put-article", "Write an article", auth.WriteArticles, aboutPut}), s.putArticle)
	r.alsoCreates("/v1/articles/{id}")
	add(r, r.op(call{"DELETE", "/articles/{id}", "delete-article", "Delete an article", auth.WriteArticles, aboutDelete}), s.deleteArticle)
	add(r, r.op(call{"GET", "/articles/{id}/revisions", "article-revisions", "Read an article's history", auth.Read, aboutRevisions}), s.articleRevisions)
	add(r, r.op(call{"POST", "/articles/{id}/restore", "restore-article", "Bring an old revision back", auth.WriteArticles, aboutRestore}), s.restoreArticle)
	op := r.op(call{"POST", "/articles/bulk", "bulk-articles", "Write many articles", auth.WriteArticles, aboutBulk})
	huma.Register(r.api, r.bulk(op), s.bulkArticles)
	r.takesLines("/v1/articles/bulk", typeOf[articleLine]())
}

func (r *routes) cases() {
	s := r.server
	add(r, r.op(call{"GET", "/cases", "list-cases", "List resolved cases", auth.Read, aboutList}), s.listCases)
	add(r, r.op(call{"GET", "/cases/{id}", "case", "Read a resolved case", auth.Read, aboutCase}), s.caseByID)
	add(r, r.op(call{"PUT", "/cases/{id}", "put-case", "Write a resolved case", auth.WriteCases, aboutPutCase}), s.putCase)
	r.alsoCreates("/v1/cases/{id}")
	add(r, r.op(call{"DELETE", "/cases/{id}", "delete-case", "Delete a resolved case", auth.WriteCases, aboutDelete}), s.deleteCase)
	add(r, r.op(call{"GET", "/cases/{id}/revisions", "case-revisions", "Read a case's history", auth.Read, aboutRevisions}), s.caseRevisions)
	add(r, r.op(call{"POST", "/cases/{id}/restore", "restore-case", "Bring an old revision back", auth.WriteCases, aboutRestore}), s.restoreCase)
	op := r.op(call{"POST", "/cases/bulk", "bulk-cases", "Write many cases", auth.WriteCases, aboutBulk})
	huma.Register(r.api, r.bulk(op), s.bulkCases)
	r.takesLines("/v1/cases/bulk", typeOf[caseLine]())
}

func (r *routes) pilots() {
	s := r.server
	add(r, r.op(call{"GET", "/pilots", "list-pilots", "List pilots", auth.Oversee, ""}), s.listPilots)
	add(r, r.op(call{"GET", "/pilots/{name}", "pilot", "Read a pilot", auth.Oversee, ""}), s.pilot)
	add(r, r.op(call{"PUT", "/pilots/{name}", "put-pilot", "Make or change a pilot", auth.Oversee, aboutPilot}), s.putPilot)
	r.alsoCreates("/v1/pilots/{name}")
	add(r, r.op(call{"POST", "/pilots/{name}/start", "start-pilot", "Start a pilot", auth.Oversee, aboutStart}), s.startPilot)
	add(r, r.op(call{"POST", "/pilots/{name}/stop", "stop-pilot", "Stop a pilot", auth.Oversee, aboutStop}), s.stopPilot)
	add(r, r.op(call{"POST", "/pilots/{name}/ramp", "ramp-pilot", "Change a pilot's percentage", auth.Oversee, aboutRamp}), s.rampPilot)
	add(r, r.op(call{"GET", "/pilots/{name}/assignment", "pilot-assignment", "Ask how a pilot treats an operator", auth.Oversee, aboutAssignment}), s.assignment)
}

func (r *routes) jobs() {
	s := r.server
	add(r, r.op(call{"GET", "/jobs", "list-jobs", "List what is done by itself", auth.Oversee, aboutJobs}), s.listJobs)
	add(r, r.op(call{"GET", "/jobs/{name}/runs", "job-runs", "Read how a job went", auth.Oversee, "The latest first. The last 200 runs of at most 90 days are kept."}), s.jobRuns)
	add(r, accepted(r.op(call{"POST", "/jobs/{name}/run", "run-job", "Do a job now", auth.Oversee, aboutRun})), s.runJob)
}

func (r *routes) administration() {
	s := r.server
	add(r, r.op(call{"GET", "/profiles", "list-profiles", "List profiles", auth.Oversee, "With `default`, also before it was written."}), s.listProfiles)
	add(r, r.op(call{"GET", "/profiles/{name}", "profile", "Read how suggestions are made", auth.Oversee, "The profile `default` is there before any was written."}), s.profile)
	add(r, r.op(call{"PUT", "/profiles/{name}", "put-profile", "Change how suggestions are made", auth.Manage, aboutProfile}), s.putProfile)
	del := r.op(call{"DELETE", "/profiles/{name}", "delete-profile", "Delete a profile", auth.Manage, aboutDeleteProfile})
	del.Errors = append(del.Errors, http.StatusConflict)
	add(r, del, s.deleteProfile)
	add(r, r.op(call{"GET", "/keys", "list-keys", "List keys", auth.Manage, "Revoked ones too. The keys themselves cannot be had again."}), s.listKeys)
	add(r, created(r.op(call{"POST", "/keys", "make-key", "Make a key", auth.Manage, "The response is the only one that shows the key: keep it."})), s.makeKey)
	add(r, r.op(call{"DELETE", "/keys/{id}", "revoke-key", "Revoke a key", auth.Manage, "Every process refuses the key within five seconds."}), s.revokeKey)
}

// routes puts operations in order and guards them.
type routes struct {
	server *Server
	api    huma.API
	limits *limits
}

// A call is what the description says of an operation, and who may make it.
type call struct {
	method  string
	path    string // below /v1
	id      string
	summary string
	right   auth.Right
	about   string // Markdown; may be empty
}

// op returns the guarded operation of a call.
func (r *routes) op(c call) huma.Operation {
	op := huma.Operation{
		Method: c.method, Path: "/v1" + c.path, OperationID: c.id, Summary: c.summary, Description: c.about, Tags: []string{tagOf(c.path)},
		Middlewares:  huma.Middlewares{addressed(r.api), r.server.authenticated(r.api, c.right), r.limits.held(r.api), r.server.audited, r.server.textual(r.api)},
		MaxBodyBytes: -1, BodyReadTimeout: -1, // textual has seen to both
		Extensions: map[string]any{"x-roles": rolesWith(c.right)},
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
			http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable},
	}
	switch c.method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		op.Errors = append(op.Errors, http.StatusConflict, http.StatusRequestEntityTooLarge)
		r.example(&op)
	}
	return op
}

// add registers fn under op, with its errors turned into problems.
func add[In, Out any](r *routes, op huma.Operation, fn func(context.Context, *In) (*Out, error)) {
	huma.Register(r.api, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, inTime(err, r.server.problem(ctx, err))
		}
		return out, nil
	})
}

func created(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusCreated
	return op
}

func accepted(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusAccepted
	return op
}

func rolesWith(right auth.Right) []string {
	var out []string
	for _, role := range auth.Roles() {
		if role.May(right) {
			out = append(out, string(role))
		}
	}
	return out
}

func tagOf(path string) string {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			return path[1:i]
		}
	}
	return path[1:]
}
