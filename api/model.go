package api

import (
	"context"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
)

const (
	aboutService = `What the settings of the service name, for all of its workspaces. Keys and passwords are not shown, only whether there are any.`

	aboutTryModels = `Has the model server of the settings make one vector and write one sentence, and says what came and how long it took. What is built in is tried likewise.`
)

func (r *routes) service() {
	s := r.server
	add(r, r.op(call{"GET", "/service", "service", "Read how the service is set up", auth.Manage, aboutService}), s.service)
	add(r, r.op(call{"POST", "/model/test", "try-models", "Try the model server", auth.Manage, aboutTryModels}), s.tryModels)
}

// A Setup is what the settings of the service say, without anything secret.
type Setup struct {
	Embeddings ModelSetup `json:"embeddings" doc:"Who makes vectors."`
	Chat       ModelSetup `json:"chat" doc:"Who writes replies."`
	KeepDays   int64      `json:"keep_days" doc:"Days after which suggestions lose the personal data of their questions, and solved tickets their texts; 0: never."`
	AuditDays  int64      `json:"audit_days" doc:"Days for which it is kept who changed what."`
	NoticeDays int64      `json:"notice_days" doc:"Days for which notices are kept."`
	MailFrom   string     `json:"mail_from" doc:"The sender of notices that are mailed; empty: none are."`
}

// A ModelSetup is what the settings say of one use of a model server.
type ModelSetup struct {
	URL       string `json:"url" doc:"Base of its API; empty: what is built in."`
	Model     string `json:"model"`
	Key       bool   `json:"key" doc:"Whether there is a key for it."`
	TimeoutMS int64  `json:"timeout_ms,omitempty" doc:"How long it may take; missing: there is no setting."`
}

// ModelsTried is what came of trying the model servers.
type ModelsTried struct {
	Embeddings ModelTried `json:"embeddings"`
	Chat       ModelTried `json:"chat"`
}

// A ModelTried is what came of one try. Neither Said nor Fault has a key.
type ModelTried struct {
	OK     bool   `json:"ok"`
	TookMS int64  `json:"took_ms"`
	Dim    int64  `json:"dim,omitempty" doc:"How long the vector is."`
	Said   string `json:"said,omitempty" doc:"What was written."`
	Fault  string `json:"fault,omitempty" doc:"Why nothing came, and what to set."`
}

// tryTime is how long a try may take in all.
const tryTime = 45 * time.Second

type serviceOut struct{ Body Setup }

// service answers GET /v1/service.
func (s *Server) service(context.Context, *struct{}) (*serviceOut, error) {
	out := &serviceOut{s.Setup}
	out.Body.AuditDays = int64(AuditKept / (24 * time.Hour))
	return out, nil
}

type triedOut struct{ Body ModelsTried }

// tryModels answers POST /v1/model/test. That a server does not answer is what
// was asked, and no error.
func (s *Server) tryModels(ctx context.Context, _ *struct{}) (*triedOut, error) {
	if s.TryModels == nil {
		return nil, fmt.Errorf("%w: this server cannot try models", auth.ErrNotFound)
	}
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	return &triedOut{s.TryModels(ctx)}, nil
}
