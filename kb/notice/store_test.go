package notice_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A desk is a store whose clock stands at noon, with the workspaces acme and
// other.
type desk struct {
	*notice.Store
	t  *testing.T
	db *gorm.DB
}

func open(t *testing.T, db *gorm.DB) desk {
	t.Helper()
	s := notice.NewStore(db)
	s.Now = func() time.Time { return noon }
	for _, id := range []string{"acme", "other"} {
		if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
			t.Fatal(err)
		}
	}
	return desk{s, t, db}
}

func (d desk) hook(h notice.Hook) notice.Hook {
	d.t.Helper()
	if h.WorkspaceID == "" {
		h.WorkspaceID = "acme"
	}
	if h.Email == "" && h.URL == "" {
		h.URL = "https://example.org/hook"
	}
	h.Active = true
	if err := d.Put(d.t.Context(), &h); err != nil {
		d.t.Fatal(err)
	}
	return h
}

func (d desk) add(kind notice.Kind, at time.Time) {
	d.t.Helper()
	n := notice.Notice{WorkspaceID: "acme", Kind: kind, Subject: "Refunds", Data: notice.JSON(map[string]int{"count": 3}), At: at}
	if err := notice.Add(d.t.Context(), d.db, n); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) deliveries(h notice.Hook) []notice.Delivery {
	d.t.Helper()
	ds, err := d.Deliveries(d.t.Context(), h.WorkspaceID, h.ID, notice.Page{})
	if err != nil {
		d.t.Fatal(err)
	}
	return ds
}

func (d desk) claim(now time.Time, most int) []notice.Parcel {
	d.t.Helper()
	ps, err := d.Claim(d.t.Context(), now, time.Minute, most)
	if err != nil {
		d.t.Fatal(err)
	}
	return ps
}

func each(t *testing.T, test func(d desk)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { test(open(t, db)) })
}

func TestModelsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, &notice.Notice{}, &notice.Hook{}, &notice.Delivery{})
	})
}

func TestANoticeIsDeliveredToEachHookThatWantsIt(t *testing.T) {
	each(t, func(d desk) {
		all := d.hook(notice.Hook{})
		gaps := d.hook(notice.Hook{Kinds: []string{"gap.*"}, Email: "anna@example.org"})
		one := d.hook(notice.Hook{Kinds: []string{"gap.closed", "alarm.burst"}})
		foreign := d.hook(notice.Hook{WorkspaceID: "other"})
		off := d.hook(notice.Hook{})
		off.Active = false
		if err := d.Put(d.t.Context(), &off); err != nil {
			d.t.Fatal(err)
		}
		d.add(notice.GapOpened, noon)
		d.add(notice.AlarmBurst, noon)
		for _, want := range []struct {
			hook notice.Hook
			n    int
		}{{all, 2}, {gaps, 1}, {one, 1}, {foreign, 0}, {off, 0}} {
			if got := d.deliveries(want.hook); len(got) != want.n {
				d.t.Errorf("hook of %v has %d deliveries, want %d", want.hook.Kinds, len(got), want.n)
			}
		}
		got := d.deliveries(gaps)[0]
		want := notice.Delivery{
			WorkspaceID: "acme", ID: got.ID, NoticeID: got.NoticeID, HookID: gaps.ID, Status: notice.Pending, Due: noon, At: noon,
		}
		if got != want {
			d.t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestADeliveryNamesItsNotice(t *testing.T) {
	each(t, func(d desk) {
		h := d.hook(notice.Hook{})
		d.add(notice.GapOpened, noon)
		ds := d.deliveries(h)
		if len(ds) != 1 {
			d.t.Fatalf("there are %d deliveries", len(ds))
		}
		got, err := d.Named(d.t.Context(), "acme", []string{ds[0].NoticeID, "forgotten"})
		if err != nil || len(got) != 1 || got[ds[0].NoticeID].Kind != notice.GapOpened {
			d.t.Errorf("it names %+v: %v", got, err)
		}
		if other, err := d.Named(d.t.Context(), "other", []string{ds[0].NoticeID}); err != nil || len(other) > 0 {
			d.t.Errorf("another workspace reads %+v: %v", other, err)
		}
	})
}

func TestANoticeIsNotThereWhenItsTransactionFails(t *testing.T) {
	each(t, func(d desk) {
		h := d.hook(notice.Hook{})
		failed := errors.New("the gap was not written")
		err := d.db.Transaction(func(tx *gorm.DB) error {
			if err := notice.Add(d.t.Context(), tx, notice.Notice{WorkspaceID: "acme", Kind: notice.GapOpened}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			d.t.Fatal(err)
		}
		ns, err := d.Notices(d.t.Context(), "acme", "", notice.Page{})
		if err != nil || len(ns) != 0 || len(d.deliveries(h)) != 0 {
			d.t.Errorf("%d notices, %d deliveries, %v; want none", len(ns), len(d.deliveries(h)), err)
		}
	})
}

func TestANoticeThatMakesNoSenseIsRefused(t *testing.T) {
	db := sqldbtest.SQLite(t)
	open(t, db)
	for name, n := range map[string]notice.Notice{
		"no workspace":      {Kind: notice.GapOpened},
		"unknown kind":      {WorkspaceID: "acme", Kind: "gap.exploded"},
		"data is a list":    {WorkspaceID: "acme", Kind: notice.GapOpened, Data: json.RawMessage(`[1]`)},
		"data is null":      {WorkspaceID: "acme", Kind: notice.GapOpened, Data: json.RawMessage(`null`)},
		"data is not whole": {WorkspaceID: "acme", Kind: notice.GapOpened, Data: json.RawMessage(`{"a":`)},
	} {
		if err := notice.Add(t.Context(), db, n); !errors.Is(err, notice.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
}

func TestNoticesAreListedByKindNewestFirst(t *testing.T) {
	each(t, func(d desk) {
		for i, kind := range []notice.Kind{notice.GapOpened, notice.AlarmBurst, notice.GapClosed, notice.GapReopened} {
			d.add(kind, noon.Add(time.Duration(i)*time.Minute))
		}
		kinds := func(prefix string, p notice.Page) (out []string, last string) {
			ns, err := d.Notices(d.t.Context(), "acme", prefix, p)
			if err != nil {
				d.t.Fatal(err)
			}
			for _, n := range ns {
				out, last = append(out, string(n.Kind)), n.ID
				if string(n.Data) != `{"count":3}` || n.Subject != "Refunds" {
					d.t.Errorf("notice reads %s %q", n.Data, n.Subject)
				}
			}
			return out, last
		}
		first, last := kinds("gap.", notice.Page{Limit: 2})
		rest, _ := kinds("gap.", notice.Page{Limit: 2, Before: last})
		if got, want := strings.Join(first, " ")+" | "+strings.Join(rest, " "), "gap.reopened gap.closed | gap.opened"; got != want {
			d.t.Errorf("got %q, want %q", got, want)
		}
		if got, _ := kinds("gap_", notice.Page{}); len(got) != 0 {
			d.t.Errorf("a prefix is no pattern, and found %v", got)
		}
	})
}

func TestADeliveryIsClaimedByOneOfMany(t *testing.T) {
	each(t, func(d desk) {
		d.hook(notice.Hook{})
		for range 40 {
			d.add(notice.GapOpened, noon)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := make(map[string]int)
		for range 4 {
			wg.Go(func() {
				for {
					ps, err := d.Claim(d.t.Context(), noon, time.Minute, 7)
					if err != nil {
						d.t.Error(err)
						return
					}
					mu.Lock()
					for _, p := range ps {
						seen[p.Delivery.ID]++
					}
					done := len(seen) == 40
					mu.Unlock()
					if len(ps) == 0 || done {
						return
					}
				}
			})
		}
		wg.Wait()
		for id, n := range seen {
			if n != 1 {
				d.t.Errorf("delivery %s was claimed %d times", id, n)
			}
		}
		// Whoever lost a row to another may have left some to the next call.
		if rest := d.claim(noon, 100); len(seen)+len(rest) != 40 {
			d.t.Errorf("%d deliveries were claimed, want 40", len(seen)+len(rest))
		}
	})
}

func TestAClaimThatNobodyEndsIsDueAgain(t *testing.T) {
	each(t, func(d desk) {
		d.hook(notice.Hook{})
		d.add(notice.GapOpened, noon)
		first := d.claim(noon, 10)
		if len(first) != 1 || len(d.claim(noon.Add(59*time.Second), 10)) != 0 {
			d.t.Fatal("a claimed delivery is not due while the claim lasts")
		}
		again := d.claim(noon.Add(time.Minute), 10)
		if len(again) != 1 || again[0].Delivery.ID != first[0].Delivery.ID || again[0].Delivery.Attempts != 2 {
			d.t.Fatalf("got %+v, want the same delivery in its second attempt", again)
		}
		// The first process was slow and not dead: its failure is old news, its
		// arrival is not.
		late := notice.Outcome{Error: "timeout", At: noon.Add(2 * time.Minute)}
		if err := d.Done(d.t.Context(), first[0].Delivery, late); err != nil {
			d.t.Fatal(err)
		}
		if got := d.deliveries(again[0].Hook)[0]; got.Error != "" || got.Status != notice.Pending {
			d.t.Errorf("a failure of an earlier claim was kept: %+v", got)
		}
		if err := d.Done(d.t.Context(), first[0].Delivery, notice.Outcome{OK: true, Code: 204, At: noon.Add(2 * time.Minute)}); err != nil {
			d.t.Fatal(err)
		}
		if got := d.deliveries(again[0].Hook)[0]; got.Status != notice.Delivered || got.Code != 204 {
			d.t.Errorf("an arrival of an earlier claim was lost: %+v", got)
		}
	})
}

func TestAFailureIsTriedAgainWithGrowingDelays(t *testing.T) {
	each(t, func(d desk) {
		h := d.hook(notice.Hook{})
		d.add(notice.GapOpened, noon)
		now := noon
		var waits []time.Duration
		for {
			ps := d.claim(now, 1)
			if len(ps) != 1 {
				d.t.Fatalf("nothing is due at %v", now)
			}
			if err := d.Done(d.t.Context(), ps[0].Delivery, notice.Outcome{Code: 503, Error: "busy", At: now}); err != nil {
				d.t.Fatal(err)
			}
			got := d.deliveries(h)[0]
			if got.Status == notice.Failed {
				break
			}
			waits = append(waits, got.Due.Sub(now))
			now = got.Due
		}
		if !slices.Equal(waits, notice.Retries()) || !slices.IsSorted(waits) || waits[len(waits)-1] != 24*time.Hour {
			d.t.Errorf("waits of %v, want %v", waits, notice.Retries())
		}
		got := d.deliveries(h)[0]
		if got.Attempts != len(waits)+1 || got.Code != 503 || got.Error != "busy" {
			d.t.Errorf("the failure reads %+v", got)
		}
		if _, err := d.Resend(d.t.Context(), "other", got.ID); !errors.Is(err, notice.ErrNotFound) {
			d.t.Errorf("another workspace resends: %v", err)
		}
		if _, err := d.Resend(d.t.Context(), "acme", got.ID); err != nil {
			d.t.Fatal(err)
		}
		if ps := d.claim(noon, 1); len(ps) != 1 || ps[0].Delivery.ID != got.ID || ps[0].Delivery.Attempts != 1 {
			d.t.Errorf("what is sent again is %+v", ps)
		}
	})
}

func TestPruningKeepsWhatIsStillToBeDelivered(t *testing.T) {
	each(t, func(d desk) {
		d.hook(notice.Hook{Kinds: []string{"gap.*"}})
		d.add(notice.AlarmBurst, noon)                  // nobody wants it
		d.add(notice.GapOpened, noon)                   // arrives
		d.add(notice.GapClosed, noon)                   // is still pending
		d.add(notice.GapOpened, noon.Add(48*time.Hour)) // is new
		p := d.claim(noon, 1)[0]
		if err := d.Done(d.t.Context(), p.Delivery, notice.Outcome{OK: true, Code: 200, At: noon}); err != nil {
			d.t.Fatal(err)
		}
		n, err := d.Prune(d.t.Context(), noon.Add(24*time.Hour))
		if err != nil || n != 2 {
			d.t.Errorf("pruned %d, %v; want 2", n, err)
		}
		if ns, err := d.Notices(d.t.Context(), "acme", "", notice.Page{}); err != nil || len(ns) != 2 {
			d.t.Errorf("%d notices are left, %v; want 2", len(ns), err)
		}
	})
}
