package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// WebhookBody is a hook as it is written.
type WebhookBody struct {
	URL    string   `json:"url,omitempty" maxLength:"2000" doc:"Where notices are posted to; or email."`
	Email  string   `json:"email,omitempty" maxLength:"254" doc:"Whom they are mailed to; or url."`
	Kinds  []string `json:"kinds,omitempty" maxItems:"50" nullable:"false" example:"[\"gap.*\",\"alarm.burst\"]" doc:"Kinds of notices, or groups of them; missing: all."`
	Secret string   `json:"secret,omitempty" maxLength:"200" doc:"That deliveries are signed with; missing: the one there is, or one is made."`
	Active *bool    `json:"active,omitempty" doc:"false: nothing is sent. Default true."`
}

func (b *WebhookBody) hook(workspace, id string) notice.Hook {
	return notice.Hook{
		WorkspaceID: workspace, ID: id, URL: b.URL, Email: b.Email, Kinds: b.Kinds, Secret: b.Secret, Active: b.Active == nil || *b.Active,
	}
}

type webhookView struct {
	ID        string    `json:"id"`
	URL       string    `json:"url,omitempty"`
	Email     string    `json:"email,omitempty"`
	Kinds     []string  `json:"kinds" nullable:"false" doc:"Empty: all."`
	Active    bool      `json:"active"`
	Secret    string    `json:"secret,omitempty" doc:"Shown once, when the hook is made: keep it."`
	Author    string    `json:"author,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// webhookOf shows a hook without its secret.
func webhookOf(h *notice.Hook) webhookView {
	v := webhookView{ID: h.ID, URL: h.URL, Email: h.Email, Kinds: h.Kinds, Active: h.Active, Author: h.Author, CreatedAt: h.CreatedAt}
	if v.Kinds == nil {
		v.Kinds = []string{}
	}
	return v
}

type webhookOut struct{ Body webhookView }

type webhooksOut struct{ Body webhookList }

type webhookList struct {
	Webhooks []webhookView `json:"webhooks" nullable:"false" doc:"Oldest first."`
}

func (s *Server) listWebhooks(ctx context.Context, _ *struct{}) (*webhooksOut, error) {
	hs, err := s.Notices.Hooks(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := new(webhooksOut)
	out.Body.Webhooks = make([]webhookView, len(hs))
	for i := range hs {
		out.Body.Webhooks[i] = webhookOf(&hs[i])
	}
	return out, nil
}

func (s *Server) makeWebhook(ctx context.Context, in *struct{ Body WebhookBody }) (*webhookOut, error) {
	key := caller(ctx)
	h := in.Body.hook(key.WorkspaceID, "")
	h.Author = authorOf(key)
	if err := s.Notices.Put(ctx, &h); err != nil {
		return nil, err
	}
	noted(ctx, h.ID, goesTo(&h))
	v := webhookOf(&h)
	v.Secret = h.Secret
	return &webhookOut{v}, nil
}

func (s *Server) changeWebhook(ctx context.Context, in *struct {
	ByID
	Body WebhookBody
}) (*webhookOut, error) {
	h := in.Body.hook(caller(ctx).WorkspaceID, in.ID)
	if err := s.Notices.Put(ctx, &h); err != nil {
		return nil, err
	}
	noted(ctx, h.ID, goesTo(&h))
	return &webhookOut{webhookOf(&h)}, nil
}

func (s *Server) deleteWebhook(ctx context.Context, in *ByID) (*none, error) {
	ws := caller(ctx).WorkspaceID
	h, err := s.Notices.Hook(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	noted(ctx, h.ID, goesTo(&h))
	return nil, s.Notices.Delete(ctx, ws, h.ID)
}

// goesTo is what the audit calls a hook: the host that notices go to, as the
// rest of an address may be a secret, or the e-mail address.
func goesTo(h *notice.Hook) string {
	if u, err := url.Parse(h.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return h.Email
}

type deliveryView struct {
	ID       string        `json:"id" doc:"As in the header Whetstone-Delivery."`
	NoticeID string        `json:"notice_id"`
	Kind     notice.Kind   `json:"kind,omitempty" doc:"Of the notice; missing once that is forgotten."`
	Subject  string        `json:"subject,omitempty" doc:"What the notice is about, in a few words."`
	Status   notice.Status `json:"status" enum:"pending,delivered,failed"`
	Attempts int64         `json:"attempts"`
	Code     int64         `json:"code,omitempty" doc:"The last answer's status."`
	Error    string        `json:"error,omitempty" doc:"Why the last attempt failed."`
	Due      time.Time     `json:"due" doc:"Of a pending one: when it is tried next."`
	At       time.Time     `json:"at" doc:"When it was last tried, or made."`
}

func deliveryOf(d *notice.Delivery, n notice.Notice) deliveryView {
	return deliveryView{d.ID, d.NoticeID, n.Kind, n.Subject, d.Status, int64(d.Attempts), int64(d.Code), d.Error, d.Due, d.At}
}

// delivered shows deliveries with what they tell of.
func (s *Server) delivered(ctx context.Context, ds ...notice.Delivery) ([]deliveryView, error) {
	ids := make([]string, len(ds))
	for i := range ds {
		ids[i] = ds[i].NoticeID
	}
	ns, err := s.Notices.Named(ctx, caller(ctx).WorkspaceID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]deliveryView, len(ds))
	for i := range ds {
		out[i] = deliveryOf(&ds[i], ns[ds[i].NoticeID])
	}
	return out, nil
}

// Newest asks for a part of a list that begins with the newest.
type Newest struct {
	Before string `query:"before" maxLength:"64" doc:"Only what is older than this id."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (n *Newest) page() notice.Page { return notice.Page{Before: n.Before, Limit: n.Limit} }

type deliveriesOut struct{ Body deliveryList }

type deliveryList struct {
	Deliveries []deliveryView `json:"deliveries" nullable:"false" doc:"Newest first."`
}

func (s *Server) listDeliveries(ctx context.Context, in *struct {
	ByID
	Newest
}) (*deliveriesOut, error) {
	ds, err := s.Notices.Deliveries(ctx, caller(ctx).WorkspaceID, in.ID, in.page())
	if err != nil {
		return nil, err
	}
	out := new(deliveriesOut)
	out.Body.Deliveries, err = s.delivered(ctx, ds...)
	return out, err
}

type deliveryOut struct {
	Status int
	Body   deliveryView
}

func (s *Server) resend(ctx context.Context, in *ByID) (*deliveryOut, error) {
	d, err := s.Notices.Resend(ctx, caller(ctx).WorkspaceID, in.ID)
	if err != nil {
		return nil, err
	}
	views, err := s.delivered(ctx, d)
	if err != nil {
		return nil, err
	}
	return &deliveryOut{http.StatusAccepted, views[0]}, nil
}

type noticeView struct {
	ID      string          `json:"id"`
	Kind    notice.Kind     `json:"kind"`
	Subject string          `json:"subject" doc:"What it is about, in a few words."`
	Data    json.RawMessage `json:"data" doc:"What webhooks are sent."`
	At      time.Time       `json:"at"`
}

type noticesOut struct{ Body noticeList }

type noticeList struct {
	Notices []noticeView `json:"notices" nullable:"false" doc:"Newest first."`
}

func (s *Server) listNotices(ctx context.Context, in *struct {
	Newest
	Kind string `query:"kind" maxLength:"64" example:"alarm." doc:"What the kind begins with; missing: every kind."`
}) (*noticesOut, error) {
	ns, err := s.Notices.Notices(ctx, caller(ctx).WorkspaceID, in.Kind, in.page())
	if err != nil {
		return nil, err
	}
	out := new(noticesOut)
	out.Body.Notices = make([]noticeView, len(ns))
	for i, n := range ns {
		out.Body.Notices[i] = noticeView{n.ID, n.Kind, n.Subject, n.Data, n.At}
	}
	return out, nil
}
