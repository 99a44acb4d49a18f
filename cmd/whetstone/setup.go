package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/chat"
)

// setup is what admins may read of the settings.
func (a *app) setup() api.Setup {
	c := a.cfg
	s := api.Setup{
		Embeddings: api.ModelSetup{URL: shownURL(c.EmbedURL), Model: c.EmbedModel, Key: c.EmbedKey != ""},
		Chat:       api.ModelSetup{URL: shownURL(c.ChatURL), Model: c.ChatModel, Key: c.ChatKey != ""},
		KeepDays:   int64(c.KeepDays), NoticeDays: int64(noticesKept / (24 * time.Hour)),
	}
	if c.ChatURL != "" {
		s.Chat.TimeoutMS = c.ChatTimeout.Milliseconds()
	}
	if c.SMTPAddr != "" {
		s.MailFrom = c.SMTPFrom
	}
	return s
}

// shownURL is an address without what is secret in it.
func shownURL(u string) string {
	if u == "" {
		return ""
	}
	return sqldb.Masked(u)
}

// tryModels has the model servers of the settings make something.
func (a *app) tryModels(ctx context.Context) api.ModelsTried {
	began := time.Now()
	e := a.tryEmbeddings(ctx)
	e.TookMS, e.Fault = time.Since(began).Milliseconds(), a.unkeyed(e.Fault)
	began = time.Now()
	c := a.tryChat(ctx)
	c.TookMS, c.Said, c.Fault = time.Since(began).Milliseconds(), a.unkeyed(c.Said), a.unkeyed(c.Fault)
	return api.ModelsTried{Embeddings: e, Chat: c}
}

// unkeyed is a text without the keys of the settings, which a server may repeat.
func (a *app) unkeyed(text string) string {
	for _, key := range []string{a.cfg.EmbedKey, a.cfg.ChatKey} {
		if key != "" {
			text = strings.ReplaceAll(text, key, "********")
		}
	}
	return text
}

func (a *app) tryEmbeddings(ctx context.Context) api.ModelTried {
	e, err := a.embedder(ctx, a.cfg.wanted())
	if err == nil {
		_, err = e.Embed(ctx, []string{"When do you open?"})
	}
	if err != nil {
		return api.ModelTried{Fault: err.Error()}
	}
	return api.ModelTried{OK: true, Dim: int64(e.Dim())}
}

func (a *app) tryChat(ctx context.Context) api.ModelTried {
	const text = "The shop is open from nine to six on every day of the week."
	r := retrieval.Request{Question: "When are you open?", Language: "en", ForOperator: true, Evidence: []retrieval.Evidence{{
		Source: retrieval.Source{ID: "try", Kind: kb.Article, Title: "Opening hours"}, Text: text, End: len(text), Score: 1,
	}}}
	var g retrieval.Generator = retrieval.Extract{}
	if a.cfg.ChatURL != "" {
		model, err := chat.New(chat.Options{BaseURL: a.cfg.ChatURL, Key: a.cfg.ChatKey, Model: a.cfg.ChatModel, Timeout: a.cfg.ChatTimeout})
		if err != nil {
			return api.ModelTried{Fault: err.Error()}
		}
		g = model
	}
	answer, err := g.Generate(ctx, r, func(string) {})
	if err != nil {
		return api.ModelTried{Fault: err.Error()}
	}
	return api.ModelTried{OK: true, Said: answer.Text}
}

// eraser removes what is kept of a customer, and learns anew without it.
func (a *app) eraser(workspace string) *feedback.Eraser {
	l := a.learning
	return &feedback.Eraser{
		DB: a.db, KB: a.kb, Suggestions: a.store, Feedback: l.events, Memory: l.memory,
		Refit: func(ctx context.Context) error {
			_, calibrated := l.learner.Calibrate(ctx)
			return errors.Join(calibrated, l.learner.Relearn(ctx, workspace, "learned anew since a customer was erased"))
		},
	}
}

// erase removes what is kept of a customer while this process serves: its index
// follows by itself.
func (a *app) erase(ctx context.Context, workspace string, who feedback.Whom) (feedback.Erased, error) {
	a.erasing.Lock()
	defer a.erasing.Unlock()
	done, err := a.eraser(workspace).Erase(ctx, workspace, who)
	if err == nil {
		if failed := a.scrub(ctx); failed != nil {
			a.log.Warn("removed rows are left in the database's file until it is erased once more", "error", failed)
		}
	}
	return done, err
}

// scrub has SQLite write its file anew, without what stood in removed rows.
func (a *app) scrub(ctx context.Context) error {
	if a.db.Name() != "sqlite" {
		return nil
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err := a.db.WithContext(ctx).Exec(statement).Error; err != nil {
			return err
		}
	}
	return nil
}
