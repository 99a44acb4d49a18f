package api

import "github.com/whetstone-desk/whetstone/api/auth"

// What the description says of upkeep.
const (
	aboutUpkeep = `What editors should look at, what matters most first: ` + "`duplicate`" + ` and ` + "`contradiction`" + ` (two documents, with both passages and both dates), ` + "`stale`" + ` (not verified within its interval), ` + "`edited_fact`" + ` (operators keep changing the same fact; ` + "`words`" + ` has what it says and what they write instead), ` + "`unused`" + ` and ` + "`always_edited`" + `. It is found anew every night; what no longer holds is done.`

	aboutUpkeepChange = `Dismissed, it stays so until one of its texts changes. What is said to be done is open again if it is found again after a text has changed.`

	aboutCare = `An article is to be verified again when its interval has passed since it was last verified or changed. While operators keep sending it as it is, to five tickets or more, it counts as verified by ` + "`whetstone`" + `.`

	aboutPutCare = `What is missing stays. With ` + "`revision`" + ` the word is for what was read: if the article has changed since, that is a conflict.`

	aboutMerge = `Archives the article. Its address answers with the one that it was merged into, cases that rest on it rest on that one, and what was learned of it moves along; suggestions that cite it stay as they are. With ` + "`If-Match`" + ` nothing is merged if somebody has changed it since you have read it. Its text is not copied: write the other article first. It stays in the history.`

	aboutQuarantines = `Documents that rest on what has changed, the latest first: they are not used unattended, and marked in drafts, until somebody confirms or lifts them. ` + "`was` and `is`" + ` show what has changed, ` + "`drafts`" + ` which suggestions of the last seven days rest on it and are not judged yet.`

	aboutConfirm = `The document holds although its source has changed.`

	aboutLift = `The document was brought in line with what has changed.`
)

func (r *routes) upkeep() {
	s := r.server
	add(r, r.op(call{"GET", "/upkeep", "list-upkeep", "List what editors should look at", auth.Teach, aboutUpkeep}), s.listUpkeep)
	add(r, r.op(call{"PATCH", "/upkeep/{id}", "change-upkeep", "Assign, dismiss or finish a chore", auth.Teach, aboutUpkeepChange}), s.changeUpkeep)
	add(r, r.op(call{"GET", "/articles/{id}/care", "article-care", "Read who answers for an article", auth.Read, aboutCare}), s.articleCare)
	add(r, r.op(call{"PUT", "/articles/{id}/care", "put-article-care", "Verify an article, or say who does", auth.Teach, aboutPutCare}), s.putArticleCare)
	add(r, r.op(call{"POST", "/articles/{id}/merge", "merge-article", "Merge an article into another", auth.Teach, aboutMerge}), s.mergeArticle)
	add(r, r.op(call{"GET", "/quarantines", "list-quarantines", "List what rests on what has changed", auth.Teach, aboutQuarantines}), s.listQuarantines)
	add(r, r.op(call{"POST", "/quarantines/{document}/{cause}/confirm", "confirm-quarantine", "Confirm a document in quarantine", auth.Teach, aboutConfirm}), s.confirmQuarantine)
	add(r, r.op(call{"POST", "/quarantines/{document}/{cause}/lift", "lift-quarantine", "Lift a quarantine", auth.Teach, aboutLift}), s.liftQuarantine)
}
