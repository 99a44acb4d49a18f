package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestProfilesAreRankedByWhatTheyAskFor(t *testing.T) {
	x := install(t)
	whole := string(x.send(x.admin, "GET", "/v1/profiles/default", "").want(200).hasNot(`"ranker"`).body)
	for ranker, want := range map[string]int{
		"serving": 200, "newest": 200, "none": 200, "7": 422, "best": 422, "-1": 422, "1.5": 422, "9999999999999999999": 422, strings.Repeat("1", 21): 422,
	} {
		x.send(x.admin, "PUT", "/v1/profiles/r", fmt.Sprintf(`{"ranker":%q,`, ranker)+whole[1:]).want(want)
	}
	x.send(x.admin, "PUT", "/v1/profiles/r", `{"ranker":"newest",`+whole[1:]).want(200)
	x.send(x.admin, "GET", "/v1/profiles/r", "").want(200).has(`"ranker":"newest"`)
}

func TestProfilesAreListedAndDeletedButNotUnderAPilot(t *testing.T) {
	x := install(t)
	x.stock()
	x.started(100)
	x.profile("c")
	var list struct{ Profiles []retrieval.Profile }
	x.send(x.admin, "GET", "/v1/profiles", "").want(200).into(&list)
	if len(list.Profiles) != 3 || list.Profiles[0].Name != "b" || list.Profiles[1].Name != "c" || list.Profiles[2].Name != "default" {
		t.Errorf("got %+v", list.Profiles)
	}
	x.send(x.admin, "DELETE", "/v1/profiles/b", "").want(409).has("pilot trial is running")
	if s := x.suggest(by("anna", "Доставка")); s.Profile != "b" {
		t.Errorf("answered by %s", s.Profile)
	}
	x.send(x.admin, "DELETE", "/v1/profiles/c", "").want(204)
	x.send(x.admin, "DELETE", "/v1/profiles/c", "").want(404)
	x.send(x.admin, "POST", "/v1/suggestions", `{"text":"Как вернуть чайник?","profile":"c"}`).want(404)
	before := string(x.send(x.admin, "GET", "/v1/profiles/default", "").body)
	x.send(x.admin, "PUT", "/v1/profiles/default", strings.Replace(before, `"window":6`, `"window":3`, 1)).want(200).has(`"window":3`)
	x.send(x.admin, "DELETE", "/v1/profiles/default", "").want(204)
	if after := string(x.send(x.admin, "GET", "/v1/profiles/default", "").want(200).body); after != before {
		t.Errorf("reset to %s", after)
	}
	x.send(x.admin, "POST", "/v1/pilots/trial/stop", "").want(200)
	x.send(x.admin, "DELETE", "/v1/profiles/b", "").want(204)
	x.send(x.admin, "POST", "/v1/pilots/trial/start", "").want(422).has("no profile b")
}
