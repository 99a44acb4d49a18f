package e2e

import "testing"

func TestAnAdminOfAnEmptyWorkspaceIsShownTheFirstSteps(t *testing.T) {
	s := bare(t)
	b := member(t, s, "admin", "en")
	b.visit("#/work")
	b.says("First steps")
	for _, to := range []string{"#/sources/import", "#/sources/new", "#/settings/people", "#/settings/keys"} {
		b.until(`!!document.querySelector('.work-first a[href="` + to + `"]')`)
	}
	operator := member(t, s, "operator", "ru")
	operator.visit("#/work")
	operator.says("Никто не ждёт")
	operator.until(`!document.querySelector(".work-first")`)
	s.call(t, "PUT", "/v1/articles/returns", `{"title":"Returns","body":"Send it back within 14 days."}`, nil)
	b.reload()
	b.says("Nobody is waiting")
	b.until(`!document.querySelector(".work-first")`)
}
