package api_test

import (
	"testing"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestTheSameOnPostgreSQL(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldbtest.PostgresDSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		if err != nil {
			t.Error(err)
		}
	})
	if _, err := sqldb.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	x := installOn(t, db)
	x.stock()
	s := x.suggest(`{"text":"Как вернуть чайник?"}`, "Idempotency-Key", "k")
	x.send(x.admin, "GET", "/v1/suggestions/"+s.ID, "").want(200).has(s.ID)
	x.send(x.admin, "POST", "/v1/suggestions", `{"text":"Как вернуть чайник?"}`, "Idempotency-Key", "k").want(201).has(s.ID)
	x.send(x.admin, "GET", "/v1/articles/a%00b", "").want(400)
	x.send(x.admin, "GET", "/v1/articles?cursor=AAAA", "").want(400)
	got := x.bulk("/v1/articles/bulk", `{"id":"nul","title":"a\u0000b"}`+"\n"+`{"id":"one","title":"One"}`+"\n"+`{"id":"one","title":"Two"}`)
	if len(got) != 3 || got[0].Status != "failed" || got[1].Status != "created" || got[2].Revision != 2 {
		t.Errorf("got %+v", got)
	}
	x.send(x.admin, "DELETE", "/v1/articles/one", "").want(204)
	x.send(x.admin, "POST", "/v1/articles/one/restore", `{"revision":1}`).want(200).has(`"One"`)
	// A connection that the server cuts off is a problem of the moment.
	if err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Error; err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if r := x.send(x.admin, "GET", "/v1/articles/one", ""); r.status != 200 && r.status != 503 {
			t.Errorf("after the connections were cut: %d %s", r.status, r.body)
		}
	}
	x.send(x.admin, "GET", "/v1/articles/one", "").want(200)
}
