package notice_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestAHookThatIsGoneIsSwitchedOff(t *testing.T) {
	each(t, func(d desk) {
		h := d.hook(notice.Hook{})
		d.add(notice.GapOpened, noon)
		d.add(notice.GapClosed, noon)
		ps := d.claim(noon, 1)
		if err := d.Done(d.t.Context(), ps[0].Delivery, notice.Outcome{Gone: true, Code: 410, Error: "gone", At: noon}); err != nil {
			d.t.Fatal(err)
		}
		if got, err := d.Hook(d.t.Context(), "acme", h.ID); err != nil || got.Active {
			d.t.Errorf("hook is active: %v, %v", got.Active, err)
		}
		if ps := d.claim(noon, 10); len(ps) != 0 {
			d.t.Errorf("%d deliveries of a hook that is off were claimed", len(ps))
		}
		for _, got := range d.deliveries(h) {
			if got.Status != notice.Failed || got.Error == "" {
				d.t.Errorf("delivery reads %+v", got)
			}
		}
	})
}

func TestHooksAreKeptByWorkspace(t *testing.T) {
	each(t, func(d desk) {
		h := d.hook(notice.Hook{Kinds: []string{"alarm.*"}, Author: "anna"})
		if !strings.HasPrefix(h.Secret, "whsec_") || len(h.Secret) < 60 {
			d.t.Errorf("secret %q", h.Secret)
		}
		changed := notice.Hook{WorkspaceID: "acme", ID: h.ID, URL: "https://example.org/other", Active: true, Author: "boris"}
		if err := d.Put(d.t.Context(), &changed); err != nil {
			d.t.Fatal(err)
		}
		hs, err := d.Hooks(d.t.Context(), "acme")
		if err != nil || len(hs) != 1 {
			d.t.Fatalf("%d hooks, %v", len(hs), err)
		}
		if got := hs[0]; got.Secret != h.Secret || got.Author != "anna" || got.URL != changed.URL || len(got.Kinds) != 0 || !got.CreatedAt.Equal(noon) {
			d.t.Errorf("changed hook reads %+v", got)
		}
		d.add(notice.GapOpened, noon)
		for _, workspace := range []string{"other", "acme"} {
			foreign := notice.Hook{WorkspaceID: workspace, ID: h.ID, URL: h.URL}
			err := errors.Join(d.Put(d.t.Context(), &foreign), d.Delete(d.t.Context(), workspace, h.ID))
			if errors.Is(err, notice.ErrNotFound) != (workspace == "other") {
				d.t.Errorf("in workspace %s: %v", workspace, err)
			}
		}
		if ps := d.claim(noon, 10); len(ps) != 0 {
			d.t.Errorf("%d deliveries outlived their hook", len(ps))
		}
	})
}

func TestAHookThatMakesNoSenseIsRefused(t *testing.T) {
	d := open(t, sqldbtest.SQLite(t))
	for name, h := range map[string]notice.Hook{
		"no target":          {},
		"two targets":        {URL: "https://example.org", Email: "a@example.org"},
		"another scheme":     {URL: "file:///etc/passwd"},
		"no host":            {URL: "https:///path"},
		"a user":             {URL: "https://anna:secret@example.org"},
		"a short secret":     {URL: "https://example.org", Secret: "hunter2"},
		"two addresses":      {Email: "a@example.org,b@example.org"},
		"a header":           {Email: "a@example.org\r\nBcc: b@example.org"},
		"a name":             {Email: "Anna <a@example.org>"},
		"no address":         {Email: "anna"},
		"an unknown kind":    {Email: "a@example.org", Kinds: []string{"gap.exploded"}},
		"an unknown group":   {Email: "a@example.org", Kinds: []string{"cat.*"}},
		"a half of a group":  {Email: "a@example.org", Kinds: []string{"ga*"}},
		"a kind named twice": {Email: "a@example.org", Kinds: []string{"gap.*", "gap.*"}},
	} {
		h.WorkspaceID = "acme"
		if err := d.Put(t.Context(), &h); !errors.Is(err, notice.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
}
