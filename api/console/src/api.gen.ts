// Made by build from the API's description; not to be edited.

export interface AcceptanceReport {
  "by"?: string;
  "from"?: string;
  /** Weeks and rankers in their order, others with the most suggestions first. */
  "groups": Group[];
  "to"?: string;
  /** Over all groups. */
  "whole": Figures;
}

export interface ActorView {
  /** person: and the person's id, or a key's id. */
  "id": string;
  /** As it was then. */
  "name": string;
}

export interface AnswerView {
  "citations": CitationView[];
  /** extract, or model:<name>. */
  "method": string;
  /** What an operator should know of how the answer came about. */
  "notice"?: string;
  /** Markdown, with markers such as [1]. */
  "text": string;
  /** Runes in text: sentences that no source supports. */
  "unproven"?: SpanView[];
}

export interface Article {
  /** Internal documents are shown to operators only. Default public. */
  "audience"?: "public" | "internal";
  /** Markdown. */
  "body"?: string;
  /** ISO 639-1 code of the language; found out if missing. */
  "locale"?: string;
  /** Empty: applies to every product. */
  "product"?: string;
  /** Empty: applies to every region. */
  "region"?: string;
  /** Only published documents are searched. Default published. */
  "status"?: "draft" | "published" | "archived";
  "tags"?: string[];
  /** Short, as a reader would search for it. */
  "title"?: string;
  /** Where a reader finds the original. */
  "url"?: string;
}

export interface ArticleFound {
  /** The id that was asked for: that article was merged into this one. */
  "merged_from"?: string;
}

export interface ArticleLine {
  /** Internal documents are shown to operators only. Default public. */
  "audience"?: "public" | "internal";
  /** Markdown. */
  "body"?: string;
  "id": string;
  /** ISO 639-1 code of the language; found out if missing. */
  "locale"?: string;
  /** Empty: applies to every product. */
  "product"?: string;
  /** Empty: applies to every region. */
  "region"?: string;
  /** Only published documents are searched. Default published. */
  "status"?: "draft" | "published" | "archived";
  "tags"?: string[];
  /** Short, as a reader would search for it. */
  "title"?: string;
  /** Where a reader finds the original. */
  "url"?: string;
}

export interface ArticlePage {
  "articles": ArticleView[];
  /** Missing on the last page. */
  "next_cursor"?: string;
  /** How many fit the filters; on the first page. */
  "total"?: number;
}

export interface ArticleView {
  /** Internal documents are shown to operators only. Default public. */
  "audience"?: "public" | "internal";
  "author"?: string;
  /** Markdown. */
  "body"?: string;
  "created_at": string;
  /** The start of the body or the problem, in lists that were asked for in brief. */
  "excerpt"?: string;
  "id": string;
  /** ISO 639-1 code of the language; found out if missing. */
  "locale"?: string;
  /** What wrote it: api, or import:… . */
  "origin"?: string;
  /** Empty: applies to every product. */
  "product"?: string;
  /** Empty: applies to every region. */
  "region"?: string;
  /** Counts the document's versions from 1. */
  "revision": number;
  /** Only published documents are searched. Default published. */
  "status"?: "draft" | "published" | "archived";
  "tags"?: string[];
  /** Short, as a reader would search for it. */
  "title"?: string;
  "updated_at": string;
  /** Where a reader finds the original. */
  "url"?: string;
}

export interface AssignBody {
  /** Empty: nobody. Missing: you do, unless somebody else does already. */
  "assignee"?: string;
  /** Of the ticket that you have read; missing: whatever it is now. */
  "version"?: number;
}

export interface AssigneeList {
  /** By name. */
  "people": AssigneeView[];
}

export interface AssigneeView {
  /** As an owner is called; whoever gave none is called by the address. */
  "name": string;
  "role": "admin" | "editor";
}

export interface AssignmentView {
  /** Missing for one who takes no part. */
  "arm"?: "pilot" | "control";
  /** Whether the operator takes part, in either arm. */
  "in": boolean;
  "pilot": string;
  /** How the operator is answered where a request names no profile. */
  "profile": string;
  /** In words. */
  "why": string;
}

export interface Band {
  "accepted_edited": Share;
  "accepted_unchanged": Share;
  "any_use": Share;
  "from": number;
  /** Of the encounters' numbers or days. */
  "mean": number;
  "quality": Spread;
  /** With it; 0: to the end. */
  "to": number;
}

export interface Beliefs {
  "calibration"?: Record<string, Curve>;
  "case_weight"?: number;
  "cases"?: Record<string, number>;
  "figures"?: Record<string, unknown>;
  "known"?: Known[] | null;
  "known_weight"?: number;
  "operators"?: Record<string, Trust>;
  "through": string;
  "topics"?: Topic[] | null;
  "unattended"?: Record<string, UnattendedRun>;
}

export interface Calibration {
  "agree": number;
  "apart": number;
  "asked": number;
  "bias": number;
  "dense": number;
  "form": number;
  "lacks": number;
  "min_coverage": number;
  "min_dense": number;
  "min_score": number;
  "title": number;
  "told": number;
}

export interface CallerView {
  "email": string;
  /** Of the person, or of the key. */
  "id": string;
  "name": string;
  "role": "admin" | "editor" | "lead" | "operator" | "helpdesk";
}

export interface Care {
  /** How long a verification holds; 0: 90 days. */
  "interval_days"?: number;
  /** Who answers for it; empty: nobody any more. */
  "owner"?: string;
  /** Of the article that you have read; missing: whatever it is now. */
  "revision"?: number;
  /** It holds, as you say. */
  "verified"?: boolean;
}

export interface CareView {
  "article_id": string;
  /** When it is to be verified again, if it is in use. */
  "due": string;
  /** How long a verification holds. */
  "interval_days": number;
  /** Missing: nobody. */
  "owner"?: string;
  /** What was verified. */
  "revision"?: number;
  /** It is due. */
  "stale": boolean;
  /** Missing: never. */
  "verified_at"?: string;
  /** whetstone: operators keep sending it as it is. */
  "verified_by"?: string;
}

export interface Case {
  /** Internal documents are shown to operators only. Default public. */
  "audience"?: "public" | "internal";
  /** How many tickets ended with this reply; counted by the service where it makes cases of tickets. */
  "evidence"?: number;
  /** ISO 639-1 code of the language; found out if missing. */
  "locale"?: string;
  /** The customer's words. Personal data is replaced by placeholders before it is stored. */
  "problem": string;
  /** Empty: applies to every product. */
  "product"?: string;
  /** Empty: applies to every region. */
  "region"?: string;
  /** The reply that closed the case. Personal data is replaced likewise. */
  "resolution": string;
  "resolved_at"?: string;
  /** The article that the reply rests on: the case then speaks for it. */
  "resolved_with"?: string;
  /** Only published documents are searched. Default published. */
  "status"?: "draft" | "published" | "archived";
  "tags"?: string[];
  /** Short, as a reader would search for it. */
  "title"?: string;
  /** Where a reader finds the original. */
  "url"?: string;
}

export interface CaseLine {
  /** Internal documents are shown to operators only. Default public. */
  "audience"?: "public" | "internal";
  /** How many tickets ended with this reply; counted by the service where it makes cases of tickets. */
  "evidence"?: number;
  "id": string;
  /** ISO 639-1 code of the language; found out if missing. */
  "locale"?: string;
  /** The customer's words. Personal data is replaced by placeholders before it is stored. */
  "problem": string;
  /** Empty: applies to every product. */
  "product"?: string;
  /** Empty: applies to every region. */
  "region"?: string;
  /** The reply that closed the case. Personal data is replaced likewise. */
  "resolution": string;
  "resolved_at"?: string;
  /** The article that the reply rests on: the case then speaks for it. */
  "resolved_with"?: string;
  /** Only published documents are searched. Default published. */
  "status"?: "draft" | "published" | "archived";
  "tags"?: string[];
  /** Short, as a reader would search for it. */
  "title"?: string;
  /** Where a reader finds the original. */
  "url"?: string;
}

export interface CasePage {
  "cases": CaseView[];
  /** Missing on the last page. */
  "next_cursor"?: string;
  /** How many fit the filters; on the first page. */
  "total"?: number;
}

export interface CaseView {
  /** Internal documents are shown to operators only. Default public. */
  "audience"?: "public" | "internal";
  "author"?: string;
  "created_at": string;
  /** How many tickets ended with this reply; counted by the service where it makes cases of tickets. */
  "evidence"?: number;
  /** The start of the body or the problem, in lists that were asked for in brief. */
  "excerpt"?: string;
  "id": string;
  /** ISO 639-1 code of the language; found out if missing. */
  "locale"?: string;
  /** What wrote it: api, or import:… . */
  "origin"?: string;
  /** The customer's words. Personal data is replaced by placeholders before it is stored. */
  "problem": string;
  /** Empty: applies to every product. */
  "product"?: string;
  /** Empty: applies to every region. */
  "region"?: string;
  /** The reply that closed the case. Personal data is replaced likewise. */
  "resolution": string;
  "resolved_at"?: string;
  /** The article that the reply rests on: the case then speaks for it. */
  "resolved_with"?: string;
  /** Counts the document's versions from 1. */
  "revision": number;
  /** Only published documents are searched. Default published. */
  "status"?: "draft" | "published" | "archived";
  "tags"?: string[];
  /** Short, as a reader would search for it. */
  "title"?: string;
  "updated_at": string;
  /** Where a reader finds the original. */
  "url"?: string;
}

export interface Change {
  "action": string;
  "at": string;
  "author": string;
  "control"?: string;
  "groups"?: string[] | null;
  "percent": number;
  "profile": string;
}

export interface ChoreChange {
  /** Who sees to it; empty: nobody any more. */
  "owner"?: string;
  /** Why: needed to dismiss. */
  "reason"?: string;
  /** dismissed: it is none. done: it was seen to. */
  "status"?: "open" | "dismissed" | "done";
}

export interface ChoreDiffers {
  /** In the document. */
  "here": string[];
  /** In the other one, or in what operators send. */
  "instead": string[];
}

export interface ChorePage {
  /** What matters most first. */
  "chores": ChoreView[];
  /** How many there are of each kind, whatever kind was asked for. */
  "counts": Record<string, number>;
  /** Missing on the last page. */
  "next_cursor"?: string;
}

export interface ChoreSays {
  "document_id": string;
  "end": number;
  "quote": string;
  /** Runes of an article's body or a case's resolution. */
  "start": number;
  /** When the document was last changed before that. */
  "updated_at": string;
}

export interface ChoreView {
  /** Who set its status; missing: nobody did. */
  "author"?: string;
  "counts"?: Record<string, number>;
  "document_id": string;
  "found_at": string;
  "id": string;
  "kind": "duplicate" | "contradiction" | "stale" | "edited_fact" | "unused" | "always_edited";
  /** Of a duplicate or contradiction: the other document. */
  "other_id"?: string;
  "other_title"?: string;
  "owner"?: string;
  /** Of a pair: one of each document, in the order of document_id and other_id. */
  "passages": ChoreSays[];
  /** What somebody wrote when its status was set. */
  "reason"?: string;
  /** What the list is ordered by, from 0 to 1. */
  "score": number;
  "status": "open" | "dismissed" | "done";
  /** Of the document; missing if it is gone. */
  "title"?: string;
  "updated_at": string;
  /** What is contradicted or changed: number, date, price, condition or negation. */
  "what"?: string;
  "why": string;
  /** What differs. */
  "words"?: ChoreDiffers;
}

export interface CitationView {
  "end": number;
  /** Runes in the source's text: where the support starts. */
  "from": number;
  /** The number in brackets in the text. */
  "marker": number;
  /** An id among sources. */
  "source_id": string;
  /** Runes in answer.text: where the stretch that rests on the source starts. */
  "start": number;
  "to": number;
}

export interface Cited {
  "audience": string;
  /** It does not say the quote any more, or is gone: when a suggestion is read again. */
  "changed"?: boolean;
  "end": number;
  "heading"?: string;
  "id": string;
  "kind": string;
  "locale"?: string;
  /** It rests on something that has changed since, and nobody has confirmed it yet. */
  "quarantined"?: boolean;
  "quote": string;
  "resolved_with"?: string;
  "revision": number;
  "score": number;
  "signals": Record<string, number>;
  "start": number;
  "title": string;
  "url"?: string;
}

export interface ConnectConfig {
  "articles"?: boolean;
  "audience"?: string;
  /** Folder, git: where the pages are published. */
  "base_url"?: string;
  /** Git: empty: the remote's own choice. */
  "branch"?: string;
  /** Site: links from URL; 0: the reader's own bound, -1: the sitemap alone. */
  "depth"?: number;
  /** Site, feed: what it may ask; empty: the host of URL. */
  "hosts"?: string[] | null;
  "locale"?: string;
  /** Desk, git: what goes with the token. */
  "login"?: string;
  /** Site: 0: the reader's own bound. */
  "max_pages"?: number;
  /** Folder, git: absolute, on the server's disk. */
  "path"?: string;
  /** Folder, git, site, feed: of its documents' ids. */
  "prefix"?: string;
  "product"?: string;
  "region"?: string;
  /** Git: https, ssh or file address that is fetched from. */
  "remote"?: string;
  /** Site: its address; empty: found. */
  "sitemap"?: string;
  /** Desk: as package desk names it. */
  "system"?: string;
  /** Added to every document's own. */
  "tags"?: string[] | null;
  "tickets"?: boolean;
  /** The name of the token in the settings, never the token. */
  "token"?: string;
  /** Site, feed, desk: where it begins. */
  "url"?: string;
  /** Site: a path; empty: the folder of URL. */
  "within"?: string;
}

export interface ConnectConflict {
  "changed": boolean;
  "id": string;
  "reason": string;
}

export interface ConnectHold {
  "at": string;
  "documents": number;
  "gone": string[] | null;
  "run": string;
}

export interface ConnectReport {
  "changed": number;
  "complete": boolean;
  "conflict"?: ConnectConflict[] | null;
  "conflicts": number;
  "created": number;
  "deleted": number;
  "error"?: string;
  "gone"?: string[] | null;
  "held": number;
  "kept": number;
  "seen": number;
  "skipped": number;
  "skips"?: ConnectSkipped[] | null;
  "took_ns": number;
  "unchanged": number;
}

export interface ConnectSkipped {
  "lost"?: boolean;
  "place": string;
  "reason": string;
}

export interface ConnectionBody {
  /** What it reads. A token is named here and kept in the service's settings, as WHETSTONE_TOKEN_ and its name. */
  "config": ConnectConfig;
  "kind": "folder" | "git" | "site" | "feed" | "desk";
  /** When: five cron fields, in UTC, or @every and a duration; missing: by hand. */
  "spec"?: string;
}

export interface ConnectionList {
  /** By id. */
  "connections": ConnectionView[];
}

export interface ConnectionView {
  "author"?: string;
  /** What it reads. A token is named here and kept in the service's settings, as WHETSTONE_TOKEN_ and its name. */
  "config": ConnectConfig;
  "created_at": string;
  /** Why it stopped before it deleted anything: approve with the next sync, or pause it. */
  "held"?: ConnectHold;
  "id": string;
  "kind": "folder" | "git" | "site" | "feed" | "desk";
  /** When: five cron fields, in UTC, or @every and a duration; missing: by hand. */
  "spec"?: string;
  "status": "active" | "paused" | "held";
  "syncing": boolean;
  "updated_at": string;
}

export interface Credentials {
  "email": string;
  "password": string;
}

export interface Credit {
  "amount": number;
  "article"?: string;
  "base": number;
  "kind": string;
  "place": number;
  "share": number;
  "source_id": string;
  "verdict"?: string;
  "votes"?: Vote[] | null;
  "why": string;
}

export interface CreditShown {
  "amount": number;
  "article"?: string;
  "base": number;
  "kind": string;
  "place": number;
  "share": number;
  "source_id": string;
  "title": string;
  "verdict"?: string;
  "votes"?: Vote[] | null;
  "why": string;
}

export interface Curve {
  "kind"?: string;
  "labels": number;
  "points"?: (number[] | null)[] | null;
}

export interface DeliveryList {
  /** Newest first. */
  "deliveries": DeliveryView[];
}

export interface DeliveryView {
  /** When it was last tried, or made. */
  "at": string;
  "attempts": number;
  /** The last answer's status. */
  "code"?: number;
  /** Of a pending one: when it is tried next. */
  "due": string;
  /** Why the last attempt failed. */
  "error"?: string;
  /** As in the header Whetstone-Delivery. */
  "id": string;
  /** Of the notice; missing once that is forgotten. */
  "kind"?: string;
  "notice_id": string;
  "status": "pending" | "delivered" | "failed";
  /** What the notice is about, in a few words. */
  "subject"?: string;
}

export interface Entering {
  /** Missing: the one that was given. */
  "name"?: string;
  /** At least 10 characters; needed by an invitation and a reset. */
  "password"?: string;
  /** What follows /#/enter/ in the link. */
  "token": string;
}

export interface EntryPage {
  "entries": EntryView[];
  /** Missing on the last page. */
  "next_cursor"?: string;
}

export interface EntryView {
  "at": string;
  "detail": string;
  "id": string;
  "method": string;
  "request_id": string;
  /** What was changed, by its id; empty where there is one of it only, or many at once. */
  "subject": string;
  /** The operation's id in this description. */
  "what": string;
  "who": ActorView;
}

export interface EraseBody {
  /** The customer's id in the helpdesk; or tickets, or both. */
  "customer_id"?: string;
  /** true: only say what would be erased. */
  "dry": boolean;
  "tickets"?: string[];
}

export interface Erased {
  "cases": number;
  "cases_retold": number;
  "events": number;
  "failures": number;
  "idempotency_keys": number;
  "judgements": number;
  "quotes": number;
  "refitted": boolean;
  "suggestions": number;
  "tickets": number;
  "topic_examples": number;
  "tuned_vectors": number;
  "vectors": number;
}

export interface ErasedView {
  "dry": boolean;
  /** Everything that was removed; missing with dry. */
  "erased"?: Erased;
  "suggestions": number;
  /** With their dialogues. */
  "tickets": number;
}

export interface ErrorDetail {
  /** Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
  "location"?: string;
  /** Error message text */
  "message"?: string;
  /** The value at the given location */
  "value"?: unknown;
}

export interface ErrorModel {
  /** A human-readable explanation specific to this occurrence of the problem. */
  "detail"?: string;
  /** Optional list of individual error details */
  "errors"?: ErrorDetail[] | null;
  /** A URI reference that identifies the specific occurrence of the problem. */
  "instance"?: string;
  /** HTTP status code */
  "status"?: number;
  /** A short, human-readable summary of the problem type. This value should not change between occurrences of the error. */
  "title"?: string;
  /** A URI reference to human-readable documentation for the error. */
  "type"?: string;
}

export interface Estimate {
  "high": number | null;
  "low": number | null;
  "value": number | null;
}

export interface EventLine {
  /** When it happened; now if missing. */
  "at"?: string;
  /** Your own id of the event: told twice, it counts once. Made up if missing. */
  "id"?: string;
  "kind"?: "displayed" | "opened" | "copied" | "sent" | "edited" | "rejected" | "rated" | "source_vote" | "missing_knowledge" | "outcome";
  /** Who did it; whoever the suggestion was made for if missing. */
  "operator_id"?: string;
  /** Of outcome. */
  "outcome"?: Outcome;
  /** Of rated. */
  "rating"?: "up" | "down" | "1" | "2" | "3" | "4" | "5";
  /** Of rejected. */
  "reason"?: "wrong" | "outdated" | "incomplete" | "wrong_tone" | "not_needed" | "other";
  /** Of displayed: ids of the sources that were on the screen, first one first. */
  "shown"?: string[];
  /** Of opened, copied and source_vote. */
  "source_id"?: string;
  "suggestion_id": string;
  /** Id of an event of the same suggestion that this one corrects. */
  "supersedes"?: string;
  /** Of edited: what was sent. Of missing_knowledge: what is missing. Of rejected: a remark. */
  "text"?: string;
  /** Of source_vote. */
  "vote"?: "relevant" | "irrelevant" | "outdated" | "incorrect";
}

export interface EventList {
  /** In the order in which they were told. */
  "events": EventView[];
}

export interface EventView {
  /** When it happened; now if missing. */
  "at"?: string;
  /** Your own id of the event: told twice, it counts once. Made up if missing. */
  "id"?: string;
  "kind"?: "displayed" | "opened" | "copied" | "sent" | "edited" | "rejected" | "rated" | "source_vote" | "missing_knowledge" | "outcome";
  /** Who did it; whoever the suggestion was made for if missing. */
  "operator_id"?: string;
  /** Of outcome. */
  "outcome"?: Outcome;
  /** Of rated. */
  "rating"?: "up" | "down" | "1" | "2" | "3" | "4" | "5";
  /** Of rejected. */
  "reason"?: "wrong" | "outdated" | "incomplete" | "wrong_tone" | "not_needed" | "other";
  "received_at": string;
  /** Of displayed: ids of the sources that were on the screen, first one first. */
  "shown"?: string[];
  /** Of opened, copied and source_vote. */
  "source_id"?: string;
  /** Id of an event of the same suggestion that this one corrects. */
  "supersedes"?: string;
  /** Of edited: what was sent. Of missing_knowledge: what is missing. Of rejected: a remark. */
  "text"?: string;
  /** Of source_vote. */
  "vote"?: "relevant" | "irrelevant" | "outdated" | "incorrect";
}

export interface ExpectedQuality {
  "high": number | null;
  "low": number | null;
  "n": number;
  "value": number | null;
}

export interface Factors {
  "body"?: number;
  "cases"?: number;
  "dense"?: number;
  "grams"?: number;
  "place"?: number;
  "title"?: number;
}

export interface FailureView {
  "at": string;
  "confidence": number;
  /** false: the customer has shown as many that day as count. */
  "counted": boolean;
  "language": string;
  /** What an operator said that nobody has written down, without personal data. */
  "missing"?: string;
  /** Without personal data. */
  "question": string;
  /** What was sent, without personal data. */
  "reply"?: string;
  "signs": string[];
  "sources"?: GapBlamed[] | null;
  "suggestion_id": string;
  "ticket_id"?: string;
  /** Whether GET /v1/tickets/{ticket_id} shows it; false: the suggestion named the ticket, and nothing else was told of it. */
  "ticket_known": boolean;
}

export interface FeedbackBody {
  /** When it happened; now if missing. */
  "at"?: string;
  /** Several events, in place of one; all are recorded or none. */
  "events"?: Told[];
  /** Your own id of the event: told twice, it counts once. Made up if missing. */
  "id"?: string;
  "kind"?: "displayed" | "opened" | "copied" | "sent" | "edited" | "rejected" | "rated" | "source_vote" | "missing_knowledge" | "outcome";
  /** Who did it; whoever the suggestion was made for if missing. */
  "operator_id"?: string;
  /** Of outcome. */
  "outcome"?: Outcome;
  /** Of rated. */
  "rating"?: "up" | "down" | "1" | "2" | "3" | "4" | "5";
  /** Of rejected. */
  "reason"?: "wrong" | "outdated" | "incomplete" | "wrong_tone" | "not_needed" | "other";
  /** Of displayed: ids of the sources that were on the screen, first one first. */
  "shown"?: string[];
  /** Of opened, copied and source_vote. */
  "source_id"?: string;
  /** Id of an event of the same suggestion that this one corrects. */
  "supersedes"?: string;
  /** Of edited: what was sent. Of missing_knowledge: what is missing. Of rejected: a remark. */
  "text"?: string;
  /** Of source_vote. */
  "vote"?: "relevant" | "irrelevant" | "outdated" | "incorrect";
}

export interface Figures {
  /** Of all of these, those without a draft. */
  "abstained": Share;
  /** Sent with changes. */
  "accepted_edited": Share;
  /** Sent as they were. */
  "accepted_unchanged": Share;
  /** Either of the two. */
  "any_use": Share;
  /** Drafts of which it is known what became of them; the following shares are of these. */
  "drafts": number;
  /** Between draft and what was sent, normalised: 0 for nothing changed, 1 for everything. Of drafts of which it is known what was sent. */
  "edit_distance": Spread;
  "escalated": Share;
  /** From 0 to 1. */
  "rating": Spread;
  "rejected": Share;
  "reopened": Share;
  /** Something else was written. */
  "replaced": Share;
  /** Of suggestions whose ticket's end was told: resolved and not opened again. */
  "resolved": Share;
  /** From 1 to 5. */
  "satisfaction": Spread;
  /** Of which anything was told. */
  "suggestions": number;
}

export interface FiltersIn {
  "audience"?: "public" | "internal";
  "kind"?: "article" | "case";
  /** Only documents in this language. */
  "locale"?: string;
  /** Only documents of this product or of none. */
  "product"?: string;
  /** Only documents of this region or of none. */
  "region"?: string;
  /** Only documents with all of these. */
  "tags"?: string[];
}

export interface FindView {
  "articles": FoundView[];
  "cases": FoundView[];
  /** Empty for who may not read them, as tickets. */
  "gaps": FoundView[];
  "tickets": FoundView[];
}

export interface FoundView {
  "id": string;
  "status": string;
  /** Or the label of a gap, or the subject of a ticket. */
  "title": string;
}

export interface GapArticle {
  "id": string;
  "quote"?: string;
  "times": number;
  "title": string;
}

export interface GapBlamed {
  "id": string;
  "named"?: boolean;
  "role": string;
}

export interface GapChangeBody {
  /** Until when; needs an owner. The console shows its day in UTC, the same to everybody. */
  "due"?: string;
  /** Who sees to it; empty: nobody any more. */
  "owner"?: string;
  /** Why: needed to dismiss. */
  "reason"?: string;
  /** dismissed: it is no gap, and stays so until its volume has doubled. reopened: it is one again. */
  "status"?: "dismissed" | "reopened";
  /** Of the gap that you have read; missing: whatever it is now. */
  "version"?: number;
}

export interface GapConflict {
  "sentence": number;
  "variants": GapVariant[] | null;
  "what": string;
}

export interface GapDismissal {
  "at": string;
  "author": string;
  "reason": string;
  "volume": number;
}

export interface GapDraft {
  "article_id"?: string;
  "at": string;
  "author": string;
  "body": string;
  "conflicts"?: GapConflict[] | null;
  "diff"?: string;
  "language": string;
  "revision"?: number;
  "sentences"?: GapSentence[] | null;
  "title": string;
  "unknown"?: string[] | null;
  "writer": string;
}

export interface GapDraftBody {
  /** An article to be changed rather than a new one; found out if missing. */
  "article_id"?: string;
  /** Markdown. */
  "body"?: string;
  /** Draft anew although an editor has changed the draft there is. */
  "instead"?: boolean;
  /** A new article, although one was found that could be changed; not with article_id. */
  "new"?: boolean;
  /** With body: your own words in place of a draft. */
  "title"?: string;
  /** Of the gap that you have read; missing: whatever it is now. */
  "version"?: number;
}

export interface GapFactors {
  "dissatisfaction": number;
  "growth": number;
  "handling": number;
  "measured": boolean;
  "volume": number;
}

export interface GapPage {
  /** The costliest first. */
  "gaps": GapView[];
  /** Missing on the last page. */
  "next_cursor"?: string;
}

export interface GapProof {
  "answered": number;
  "article_id": string;
  "asked": number;
  "at": string;
  "needed": number;
  "questions": GapQuestion[] | null;
  "revision": number;
  "share": number;
}

export interface GapPublishBody {
  /** The article to write; by itself: one that is written already. Missing: that of the draft, or a new one. */
  "article_id"?: string;
  /** Of a new article. Default public. */
  "audience"?: "public" | "internal";
  /** Markdown. */
  "body"?: string;
  /** Of the article that you have read: if it has changed since, nothing is written. */
  "revision"?: number;
  /** With body: what to publish; without: the draft as it is. */
  "title"?: string;
  /** Of the gap that you have read; missing: whatever it is now. */
  "version"?: number;
}

export interface GapQuestion {
  "answered": boolean;
  "confidence": number;
  "suggestion_id": string;
  "text": string;
  "ticket_id"?: string;
  "why"?: string;
}

export interface GapSentence {
  "end": number;
  "start": number;
  "text": string;
  "tickets": string[] | null;
}

export interface GapStep {
  "at": string;
  "author": string;
  "note"?: string;
  "what": string;
}

export interface GapTopic {
  "articles"?: GapArticle[] | null;
  "customers": number;
  "factors": GapFactors;
  "failures": number;
  "from"?: string[] | null;
  "languages"?: Record<string, number>;
  "phrases": string[] | null;
  "question": string;
  "signs"?: Record<string, number>;
  "tickets": number;
  "trend"?: number[] | null;
  "why": string;
}

export interface GapVariant {
  "latest": string;
  "text": string;
  "tickets": string[] | null;
}

export interface GapView {
  /** The article that is to close it. */
  "article_id"?: string;
  "cause": "uncovered" | "not_found" | "outdated" | "restricted" | "action";
  "closed_at"?: string;
  /** Minutes a month, weighed by dissatisfaction and growth: the product of topic.factors. */
  "cost": number;
  "dismissal"?: GapDismissal;
  "due"?: string;
  "first_at": string;
  "id": string;
  /** A few words that set it apart. */
  "label": string;
  "last_at": string;
  /** The gap that it is a part of. */
  "merged_into"?: string;
  "opened_at"?: string;
  "owner"?: string;
  "status": "waiting" | "open" | "assigned" | "drafted" | "published" | "verifying" | "closed" | "reopened" | "dismissed" | "merged";
  "topic": GapTopic;
  "updated_at": string;
  /** Counts changes: send it with yours, so that nobody's is lost. */
  "version": number;
}

export interface GapWhole {
  /** The article that is to close it. */
  "article_id"?: string;
  "cause": "uncovered" | "not_found" | "outdated" | "restricted" | "action";
  "closed_at"?: string;
  /** Minutes a month, weighed by dissatisfaction and growth: the product of topic.factors. */
  "cost": number;
  "dismissal"?: GapDismissal;
  /** Never published by itself. */
  "draft"?: GapDraft;
  "due"?: string;
  /** The suggestions that failed, the latest first; when a gap is read by itself. */
  "evidence"?: FailureView[] | null;
  "first_at": string;
  /** Oldest first. */
  "history": GapStep[];
  "id": string;
  /** A few words that set it apart. */
  "label": string;
  "last_at": string;
  /** The gap that it is a part of. */
  "merged_into"?: string;
  "opened_at"?: string;
  "owner"?: string;
  /** What came of asking its questions again. */
  "proof"?: GapProof;
  "status": "waiting" | "open" | "assigned" | "drafted" | "published" | "verifying" | "closed" | "reopened" | "dismissed" | "merged";
  "topic": GapTopic;
  "updated_at": string;
  /** Counts changes: send it with yours, so that nobody's is lost. */
  "version": number;
}

export interface Group {
  /** Of all of these, those without a draft. */
  "abstained": Share;
  /** Sent with changes. */
  "accepted_edited": Share;
  /** Sent as they were. */
  "accepted_unchanged": Share;
  /** Either of the two. */
  "any_use": Share;
  /** Drafts of which it is known what became of them; the following shares are of these. */
  "drafts": number;
  /** Between draft and what was sent, normalised: 0 for nothing changed, 1 for everything. Of drafts of which it is known what was sent. */
  "edit_distance": Spread;
  "escalated": Share;
  /** Empty: those that have none. */
  "key": string;
  /** What it is called, if otherwise than its key. */
  "label"?: string;
  /** From 0 to 1. */
  "rating": Spread;
  "rejected": Share;
  "reopened": Share;
  /** Something else was written. */
  "replaced": Share;
  /** Of suggestions whose ticket's end was told: resolved and not opened again. */
  "resolved": Share;
  /** From 1 to 5. */
  "satisfaction": Spread;
  /** Of which anything was told. */
  "suggestions": number;
}

export interface GroupSpeed {
  "accepted_edited": Share;
  /** Of encounters, abstentions among them. */
  "accepted_unchanged": Share;
  "any_use": Share;
  /** By days since the topic was first seen. */
  "by_day": Band[];
  "by_encounter": Band[];
  "curve": LearningCurve;
  "days_to_proficient": HowLong;
  "encounters": number;
  /** Over topics; one that is not there yet is censored, not left out (Kaplan-Meier). */
  "encounters_to_proficient": HowLong;
  /** Empty: those that have none. */
  "key": string;
  /** The curve as points to draw, with the interval in which it lies. */
  "line": ExpectedQuality[];
  /** Quality at which these come to rest; null: there are none. */
  "mature_level": number | null;
  /** Topics that have come to rest: at most a fifth of their way lies ahead. */
  "mature_topics": number;
  /** From first seen by way of gap flagged, article published and first accepted to proficient; last the whole. */
  "parts": PartOfTheWay[];
  /** 80 % of it: the quality from which a topic is proficient. */
  "target": number | null;
  "topics": number;
}

export interface HereView {
  /** They are writing an answer. */
  "editing": boolean;
  "name": string;
  "ticket_id": string;
}

export interface HowLong {
  /** Those that are not there yet: they take longer than they have taken so far. */
  "censored": number;
  "count": number;
  "ended": number;
  /** By when half are there; null: less than half are. */
  "median": Estimate;
}

export interface ImportProblem {
  /** From 1; missing: the file as a whole. */
  "line"?: number;
  "reason": string;
}

export interface ImportReport {
  /** In a dry run: what would be. */
  "created": number;
  /** The first 200. */
  "documents": ImportedView[];
  /** What was guessed, repaired or left out; the first 200. */
  "notes": ImportProblem[];
  /** Why something was skipped; the first 200. */
  "problems": ImportProblem[];
  /** Documents in the file that can be stored. */
  "read": number;
  /** Pages and records that made no document. */
  "skipped": number;
  "unchanged": number;
  /** In a dry run: what is here already and would be replaced if it differs. */
  "updated": number;
}

export interface ImportedView {
  "id": string;
  "kind": "article" | "case";
  "status": "created" | "updated" | "unchanged";
  "title": string;
}

export interface InfluenceView {
  /** What it adds to the source's score now, which lies between 0 and 1. */
  "bonus": number;
  /** What the topic is about. */
  "label"?: string;
  /** Every term of it. */
  "learned": Posterior;
  /** The same in words. */
  "says": string;
  /** Id of the topic; empty: questions of other topics and of none. */
  "topic": string;
}

export interface InvitedView {
  "link": LinkView;
  "person": PersonView;
}

export interface JobList {
  "jobs": JobView[];
}

export interface JobView {
  /** What it does, in a sentence. */
  "about": string;
  /** Every process does it for itself, so it keeps no runs and cannot be started. */
  "everywhere"?: boolean;
  /** The latest run that was not skipped; absent if there is none. */
  "last_run"?: RunView;
  "name": string;
  /** When it is due next. */
  "next_at": string;
  /** When: minute, hour, day of the month, month and day of the week, in UTC; or @every and a duration. */
  "schedule": string;
}

export interface JudgementView {
  /** Of the last event that counts in it. */
  "at": string;
  /** What each source deserves, and why: this is what learning reads. */
  "credits": Credit[];
  /** Share of words that differ between the draft and what was sent; null if not known. */
  "edit_distance": number | null;
  "missing_knowledge"?: boolean;
  "outcome": Outcome;
  /** From 0, the worst, to 1; null if nobody rated. */
  "rating": number | null;
  /** Of a rejection. */
  "reason"?: string;
  /** The article that what was sent rests on most. */
  "resolved_with"?: string;
  /** What became of the draft: sent unchanged, sent edited, replaced by something else, or rejected; empty if nobody told. */
  "used": "" | "unchanged" | "edited" | "replaced" | "rejected";
}

export interface KeyList {
  "keys": KeyView[];
}

export interface KeyView {
  "created_at": string;
  "id": string;
  "name": string;
  "revoked_at"?: string;
  "role": string;
  /** The key itself, in the answer that makes it and never again. */
  "secret"?: string;
}

export interface Known {
  "covered": boolean;
  "key": string;
  "language": string;
  "sources": number[] | null;
  "vector": string;
  "weight": number;
}

export interface Learned {
  "by_topic"?: Record<string, Factors>;
  "factors": Factors;
  "sources"?: Record<string, Usefulness>;
  "through": string;
  "tuned"?: boolean;
}

export interface LearnedView {
  /** Sources that the draft does not rest on and that were written in. */
  "brought_in": number;
  "credits": CreditShown[];
  /** false: it is still being looked at; read the suggestion again in a moment. */
  "digested": boolean;
  /** Share of words that differ; null if not known. */
  "edit_distance": number | null;
  /** Sources that the draft rests on and that were kept. */
  "kept": number;
  /** Sources that the draft rests on. */
  "of": number;
  "used": "" | "unchanged" | "edited" | "replaced" | "rejected";
}

export interface LearningCurve {
  /** Akaike's corrected criterion of this curve; the lower describes better. null: too few encounters to tell. */
  "aicc_exponential": number | null;
  /** That of a power law. */
  "aicc_power": number | null;
  "better"?: "exponential" | "power";
  /** Quality in the end. */
  "end": Estimate;
  /** Quality at the first encounter, from 0 to 1: 1 for sent unchanged, 1 less the edit distance for edited, else 0. */
  "first": Estimate;
  /** Encounters that leave 1/e of the way ahead. */
  "rate": Estimate;
}

export interface LearningReport {
  "computed_at": string;
  /** Those of them of which it is known what became of the answer; the rest is of these. */
  "encounters": number;
  /** Suggestions of which anything was told. */
  "judgements": number;
  /** Those with the most encounters first. At most 50. */
  "languages": GroupSpeed[];
  /** Share of the intervals of curves and durations that hold what they are about. */
  "level": number;
  /** Those with the most encounters first. At most 50. */
  "teams": GroupSpeed[];
  /** The slowest first: those not there yet by how often they were met, then the others by how many encounters it took. At most 500. */
  "topics": TopicSpeed[];
  /** Topics that were met least, beyond the 5000 that are looked at. */
  "topics_left_out": number;
  /** Encounters that belong to no topic and are in no figure below. */
  "unsorted": number;
  "whole": Speed;
}

export interface LineReport {
  /** Why the line was not stored. */
  "error"?: string;
  "id"?: string;
  /** Counts the lines of the request from 1, blank ones included. */
  "line": number;
  "revision"?: number;
  /** Of documents: created, updated or unchanged. Of feedback: recorded, or known if it had been told before. failed: not stored. */
  "status": "created" | "updated" | "unchanged" | "recorded" | "known" | "failed";
}

export interface LinkSeenBody {
  "email": string;
  /** entrance: it takes no password. */
  "kind": "invitation" | "reset" | "entrance";
  "name": string;
}

export interface LinkView {
  "expires_at": string;
  "kind": "invitation" | "reset";
  /** Of the page that takes it, to be put after this server's address. */
  "path": string;
  "token": string;
}

export interface LookAtLinkRequest {
  "token": string;
}

export interface MergedView {
  /** How many cases rest on the other article that rested on this one. */
  "cases": number;
  "from": string;
  /** Where it leads, if that was merged itself. */
  "into": string;
  /** How many articles that were merged into this one lead to the other one now. */
  "redirects": number;
  /** The revision of the article that was archived; its history has the text. */
  "revision": number;
}

export interface Merging {
  /** The id of a published article. */
  "into": string;
}

export interface MessageIn {
  "at"?: string;
  "role": "customer" | "operator" | "bot";
  "text": string;
}

export interface ModelSetup {
  /** Whether there is a key for it. */
  "key": boolean;
  "model": string;
  /** How long it may take; missing: there is no setting. */
  "timeout_ms"?: number;
  /** Base of its API; empty: what is built in. */
  "url": string;
}

export interface ModelTried {
  /** How long the vector is. */
  "dim"?: number;
  /** Why nothing came, and what to set. */
  "fault"?: string;
  "ok": boolean;
  /** What was written. */
  "said"?: string;
  "took_ms": number;
}

export interface ModelsTried {
  "chat": ModelTried;
  "embeddings": ModelTried;
}

export interface NewKey {
  /** What the key is for. */
  "name": string;
  /** What the key may do. */
  "role": "admin" | "editor" | "lead" | "operator" | "helpdesk";
}

export interface NewPassword {
  /** Missing where there is none yet. */
  "current"?: string;
  /** At least 10 characters. */
  "new": string;
}

export interface NewPerson {
  "email": string;
  "name"?: string;
  "role": "admin" | "editor" | "lead" | "operator";
}

export interface NoticeList {
  /** Newest first. */
  "notices": NoticeView[];
}

export interface NoticeView {
  "at": string;
  /** What webhooks are sent. */
  "data": unknown;
  "id": string;
  "kind": string;
  /** What it is about, in a few words. */
  "subject": string;
}

export interface OperatorIn {
  "group"?: string;
  "id"?: string;
}

export interface OperatorList {
  /** Those who are weighed down first. */
  "operators": OperatorView[];
}

export interface OperatorView {
  "id": string;
  "override"?: "reset" | "exclude";
  /** How far their judgements count, and why. */
  "trust": Trust;
}

export interface Outcome {
  /** The last reply was not written or sent by a person: no case is made of it. */
  "bot"?: boolean;
  /** From the customer's message to the first reply. */
  "first_response_seconds"?: number;
  /** An operator's time on the ticket. */
  "handling_seconds"?: number;
  /** How likely the customer is to recommend you, from 0 to 10. */
  "nps"?: number;
  /** The last reply was a note that customers do not see: no case is made of it. */
  "private"?: boolean;
  /** What the customer said, from 1 to 5, the best. */
  "satisfaction"?: number;
  /** How the ticket stands. */
  "status"?: "resolved" | "reopened" | "escalated";
}

export interface OverrideInBody {
  /** pin: ranks as if it had proven as useful as can be. reset: what was learned before now does not count. exclude: is not used any more; of an operator, nothing of theirs counts. */
  "action": "pin" | "reset" | "exclude";
}

export interface OwnChange {
  "locale"?: "" | "en" | "ru";
  "name"?: string;
  "password"?: NewPassword;
}

export interface PartOfTheWay {
  "days": HowLong;
  "from": string;
  "to": string;
}

export interface Parts {
  /** Of a case: what takes it to its place beside the article that it rests on. */
  "beside"?: number;
  /** Words of the text. */
  "body": number;
  /** Resolved cases that rest on it. */
  "cases": number;
  /** What operators made of it, or what a person decided over it. */
  "learned": number;
  /** Runs of letters of both: other forms of a word, misspellings. */
  "letters": number;
  /** Likeness of meaning. */
  "meaning": number;
  /** Words that stand together in one place. */
  "place": number;
  /** Words of the title. */
  "title": number;
}

export interface PeopleList {
  "people": PersonView[];
}

export interface PersonChange {
  "active"?: boolean;
  "name"?: string;
  "role"?: "admin" | "editor" | "lead" | "operator";
}

export interface PersonView {
  "active": boolean;
  "created_at": string;
  "email": string;
  /** When they signed in last. */
  "entered_at"?: string;
  "id": string;
  /** Has not been here yet. */
  "invited": boolean;
  "locale": string;
  /** Too many tries have failed; a reset unlocks. */
  "locked_until"?: string;
  "name": string;
  /** Comes by the OpenID provider. */
  "oidc": boolean;
  "role": "admin" | "editor" | "lead" | "operator";
}

export interface PilotBody {
  /** Profile of the groups' other operators; the workspace's default if missing. */
  "control"?: string;
  /** Groups of operators that take part; all if missing. */
  "groups"?: string[];
  /** Share of the groups' operators that are answered by the profile on trial. */
  "percent": number;
  /** The profile on trial. */
  "profile": string;
}

export interface PilotList {
  /** Oldest first. */
  "pilots": PilotView[];
}

export interface PilotView {
  /** Who made it. */
  "author"?: string;
  /** Profile of the groups' other operators; the workspace's default if missing. */
  "control"?: string;
  "created_at": string;
  /** Groups of operators that take part; all if missing. */
  "groups"?: string[];
  /** Who changed it and when, oldest first: the last 200 changes. */
  "history": Change[];
  "name": string;
  /** Share of the groups' operators that are answered by the profile on trial. */
  "percent": number;
  /** The profile on trial. */
  "profile": string;
  /** What comes of it, in words. */
  "says": string;
  "status": "draft" | "running" | "stopped";
  "updated_at": string;
}

export interface Posterior {
  "against": number;
  "bonus": number;
  "brought": number;
  "dropped": number;
  "kept": number;
  "last"?: string;
  "lower": number;
  "useful": number;
  "useless": number;
}

export interface PresenceBody {
  /** You are changing it. */
  "editing"?: boolean;
  /** You are there no more. */
  "left"?: boolean;
  "subject": string;
}

export interface PresenceList {
  /** Who else was there in the last 30 seconds. */
  "others": PresenceView[];
}

export interface PresenceView {
  /** When they last said so. */
  "at": string;
  "editing": boolean;
  "name": string;
}

export interface Profile {
  "calibration": Calibration;
  "candidates": number;
  "instructions"?: string;
  "meaning": number;
  "min_answer": number;
  "min_draft": number;
  "name"?: string;
  "ranker"?: string;
  "rescored": number;
  "weights": Weights;
  "window": number;
}

export interface ProfileList {
  /** By name. */
  "profiles": Profile[];
}

export interface QuarantinePage {
  /** Missing on the last page. */
  "next_cursor"?: string;
  /** The latest first. */
  "quarantines": QuarantineView[];
}

export interface QuarantineView {
  "at": string;
  /** Who ended it, or began it. */
  "author"?: string;
  /** What has changed. */
  "cause_id": string;
  "cause_title"?: string;
  "closed_at"?: string;
  "document_id": string;
  /** Suggestions of the last seven days that rest on it and are not judged yet, the latest first, 50 at most. */
  "drafts": string[];
  /** What is said in its place. */
  "is": ChoreSays[];
  /** Of the cause, that brought it about. */
  "revision": number;
  "status": "open" | "confirmed" | "lifted";
  /** Of the document; missing if it is gone. */
  "title"?: string;
  /** What it rests on, as it was; of a release note: what the document says. */
  "was": ChoreSays[];
  "why": string;
}

export interface RampIn {
  "percent": number;
}

export interface RankerList {
  /** The newest first. */
  "rankers": RankerView[];
}

export interface RankerView {
  "created_at": string;
  /** Of how it was learned and of the gate. */
  "figures": Record<string, unknown>;
  /** All that it has learned; where one version is asked for. */
  "learned"?: Learned;
  /** Why it has its status. */
  "note": string;
  /** candidate: has not come to the gate. proven: has passed it, and profiles that ask for the newest use it. serving: ranks wherever nothing else is said. */
  "status": "candidate" | "proven" | "serving" | "retired" | "rejected" | "rolled_back";
  /** Since when it has its status. */
  "status_at": string;
  "version": number;
}

export interface RecordedList {
  "events": RecordedView[];
}

export interface RecordedView {
  "id": string;
  /** It had been told before and counts once. */
  "known": boolean;
}

export interface RepliedView {
  /** What was told of the draft: sent as it was, or edited. */
  "event"?: "sent" | "edited";
  /** It had been sent before and counts once. */
  "known": boolean;
  /** What was learned from it so far; missing without a draft. */
  "learned"?: LearnedView;
  /** The reply as it stands in the dialogue. */
  "message": TicketMessageView;
  /** Why what became of the draft could not be told; the reply is sent all the same. */
  "refused"?: string;
  "ticket": TicketView;
}

export interface Restoring {
  /** Which to bring back. */
  "revision": number;
}

export interface RevisionList {
  /** The latest first. */
  "revisions": RevisionView[];
}

export interface RevisionView {
  "at": string;
  "audience": string;
  "author"?: string;
  "body"?: string;
  /** This version says that the document was deleted. */
  "deleted"?: boolean;
  "evidence"?: number;
  "locale"?: string;
  "problem"?: string;
  "product"?: string;
  "region"?: string;
  "resolution"?: string;
  "resolved_with"?: string;
  "revision": number;
  "status": string;
  "tags"?: string[] | null;
  "title": string;
  "url"?: string;
}

export interface RolledView {
  "rolled_back": number;
  /** The version that serves now; 0: sources are ranked as if nothing had been learned. */
  "serving": number;
}

export interface RunList {
  "runs": RunView[];
}

export interface RunView {
  /** How often it was begun: more than once if its server died. 0: not at all, or its server was stopped and another has yet to begin it again. */
  "attempt": number;
  /** Absent while it is running. */
  "finished_at"?: string;
  /** What came of it, in figures over all workspaces, and the kind of what went wrong; the server's log has the rest. */
  "note": string;
  /** When it was due, or, if somebody started it, when that was. */
  "slot": string;
  /** When it was begun last. */
  "started_at": string;
  /** skipped: an earlier run was under way. abandoned: its server died, and a later run did its work. */
  "status": "running" | "done" | "failed" | "skipped" | "abandoned";
  /** Milliseconds from its last beginning to its end; absent while it is running. */
  "took_ms"?: number;
}

export interface SearchBody {
  "filters"?: FiltersIn;
  /** How many sources at most. */
  "limit"?: number;
  /** The customer's language; found out if missing. */
  "locale"?: string;
  /** The dialogue, oldest first. The customer's latest messages are the question. */
  "messages"?: MessageIn[];
  "operator"?: OperatorIn;
  /** How to answer; the workspace's default if missing. */
  "profile"?: string;
  /** The question, where there is no dialogue; after a dialogue, the customer's next message. */
  "text"?: string;
  /** Rank as if nothing had been learned, to see what learning changes. */
  "unlearned"?: boolean;
}

export interface SearchView {
  /** Of the question: an ISO 639-1 code, or und. */
  "language": string;
  "profile": string;
  /** The version of what was learned that ranked them; 0: none. */
  "ranker": number;
  /** Best first. */
  "sources": SourceView[];
  /** Milliseconds of each stage. */
  "took_ms": Took;
}

export interface SessionView {
  /** For the header Whetstone-CSRF. */
  "csrf": string;
  /** Language of the console; empty: as the browser says. */
  "locale": "" | "en" | "ru";
  "person": CallerView;
  /** Of Whetstone. */
  "version": string;
  "workspace": WorkspaceView;
}

export interface Settings {
  /** Cases that are made of tickets are drafts until an editor publishes them. */
  "approve_cases": boolean;
  /** Resolved tickets become cases. */
  "case_memory": boolean;
  /** Events that one operator may tell in a day. */
  "daily_cap": number;
  /** After how many days a judgement counts half. */
  "half_life_days": number;
  /** How what has passed the gate comes to serve. auto: at once, unless a pilot tries the newest: then when that has ended. by_hand: when a person says so. */
  "promote": "auto" | "by_hand";
  /** Share of wrong answers that unattended ones may have. */
  "risk": number;
}

export interface Setup {
  /** Days for which it is kept who changed what. */
  "audit_days": number;
  /** Who writes replies. */
  "chat": ModelSetup;
  /** Who makes vectors. */
  "embeddings": ModelSetup;
  /** Days after which suggestions lose the personal data of their questions, and solved tickets their texts; 0: never. */
  "keep_days": number;
  /** The sender of notices that are mailed; empty: none are. */
  "mail_from": string;
  /** Days for which notices are kept. */
  "notice_days": number;
}

export interface Share {
  "count": number;
  /** The upper end of the 95 % interval. */
  "high": number | null;
  /** The lower end of the 95 % interval. */
  "low": number | null;
  "of": number;
  /** From 0 to 1; null: of none. */
  "value": number | null;
}

export interface SourceLearning {
  "id": string;
  /** Share of what was learned that counts: less than 1 after the source was changed. */
  "kept": number;
  /** What a person decided over it. */
  "override"?: "pin" | "reset" | "exclude";
  /** The version that serves; 0: nothing was learned yet. */
  "ranker": number;
  /** The latest judgements of it. */
  "recent": SourceNote[];
  "title": string;
  /** Greatest influence first. */
  "topics": InfluenceView[];
  /** How often drafts rested on it of late, and what became of them. */
  "usage": Usage;
}

export interface SourceNote {
  "amount": number;
  "at": string;
  "suggestion_id": string;
  "topic"?: string;
  "used"?: string;
  "verdict"?: string;
  "why": string;
}

export interface SourceView {
  "audience": string;
  /** It does not say the quote any more, or is gone: when a suggestion is read again. */
  "changed"?: boolean;
  "end": number;
  "heading"?: string;
  "id": string;
  "kind": string;
  "locale"?: string;
  /** What each signal contributes to the value that it is ranked by. */
  "parts": Parts;
  /** It rests on something that has changed since, and nobody has confirmed it yet. */
  "quarantined"?: boolean;
  "quote": string;
  "resolved_with"?: string;
  "revision": number;
  "score": number;
  "signals": Record<string, number>;
  "start": number;
  "title": string;
  "url"?: string;
}

export interface SpanView {
  "end": number;
  "start": number;
}

export interface Speed {
  "accepted_edited": Share;
  /** Of encounters, abstentions among them. */
  "accepted_unchanged": Share;
  "any_use": Share;
  /** By days since the topic was first seen. */
  "by_day": Band[];
  "by_encounter": Band[];
  "curve": LearningCurve;
  "days_to_proficient": HowLong;
  "encounters": number;
  /** Over topics; one that is not there yet is censored, not left out (Kaplan-Meier). */
  "encounters_to_proficient": HowLong;
  /** The curve as points to draw, with the interval in which it lies. */
  "line": ExpectedQuality[];
  /** Quality at which these come to rest; null: there are none. */
  "mature_level": number | null;
  /** Topics that have come to rest: at most a fifth of their way lies ahead. */
  "mature_topics": number;
  /** From first seen by way of gap flagged, article published and first accepted to proficient; last the whole. */
  "parts": PartOfTheWay[];
  /** 80 % of it: the quality from which a topic is proficient. */
  "target": number | null;
  "topics": number;
}

export interface Spread {
  "count": number;
  /** null: of none. */
  "mean": number | null;
  "median": number | null;
}

export interface StandBody {
  "status": "open" | "pending" | "solved";
  /** Of the ticket that you have read; missing: whatever it is now. */
  "version"?: number;
}

export interface SuggestBody {
  /** Who asks, as your helpdesk knows them: all that is kept of a customer can be erased by it. */
  "customer_id"?: string;
  "filters"?: FiltersIn;
  /** How many sources at most. */
  "limit"?: number;
  /** The customer's language; found out if missing. */
  "locale"?: string;
  /** The dialogue, oldest first. The customer's latest messages are the question. */
  "messages"?: MessageIn[];
  /** draft: for an operator, who may see internal sources. answer: to send unattended, from public sources only. */
  "mode"?: "draft" | "answer";
  "operator"?: OperatorIn;
  /** How to answer; the workspace's default if missing. */
  "profile"?: string;
  /** The question, where there is no dialogue; after a dialogue, the customer's next message. */
  "text"?: string;
  /** The ticket in your helpdesk. */
  "ticket_id"?: string;
  /** What the ticket is about, as your helpdesk sorts it; found out if missing. */
  "topic"?: string;
  /** To find out what would be answered: nothing is kept, so there is no feedback to tell and the suggestion cannot be read again. It is not streamed piece by piece. */
  "trial"?: boolean;
}

export interface SuggestionView {
  /** Why there is no answer; null if there is one. */
  "abstain_reason": "no_evidence" | "low_confidence" | "conflicting_sources" | "not_grounded" | "restricted" | "not_calibrated";
  /** null if there is none. */
  "answer": unknown;
  /** The operator's arm of it. */
  "arm"?: "pilot" | "control";
  /** How sure the service is that the reply answers. */
  "confidence": number;
  "created_at": string;
  /** draft: for an operator to look at. answer: good enough to send. abstain: there is no reply. */
  "decision": "draft" | "answer" | "abstain";
  /** What became of it; absent until something was told and digested. */
  "feedback"?: JudgementView;
  "id": string;
  /** Of the question: an ISO 639-1 code, or und. */
  "language": string;
  /** The pilot that the operator takes part in. */
  "pilot"?: string;
  /** How it was made. */
  "profile": string;
  /** The version of what was learned that ranked the sources; 0 if nothing was. */
  "ranker": number;
  /** Best first; the marker of the first is [1]. */
  "sources": Cited[];
  "ticket_id"?: string;
  /** Milliseconds of each stage. */
  "took_ms": Took;
  "topic"?: string;
}

export interface SyncBody {
  /** Let go what the connection is held for. If much more is gone by now it asks again. */
  "approve"?: boolean;
  /** Ids of documents that the source's version replaces although somebody has edited or deleted them here. */
  "take"?: string[];
}

export interface SyncRunList {
  /** The latest first; the last 50 are kept. */
  "runs": SyncRunView[];
}

export interface SyncRunView {
  "finished_at"?: string;
  "id": string;
  "report": ConnectReport;
  "started_at": string;
  "status": "running" | "done" | "held" | "broken" | "stopped" | "died";
}

export interface SyncView {
  /** false: it goes on in the background; see its runs. */
  "done": boolean;
  "report"?: ConnectReport;
}

export interface TicketBody {
  "assignee"?: string;
  "channel"?: string;
  /** All that is kept of a customer can be erased by it. */
  "customer_id"?: string;
  /** Found out if missing. */
  "language"?: string;
  /** The dialogue, or what is new of it: messages that are known already are not added again. */
  "messages"?: TicketMessage[];
  /** What brings it. Default api, or console for a person. */
  "origin"?: string;
  "priority"?: "urgent" | "high" | "normal" | "low";
  /** Missing: as the messages say. */
  "status"?: "open" | "pending" | "solved";
  /** The start of the first message if there is none. */
  "subject"?: string;
  "tags"?: string[];
  "tone"?: string;
  /** As your helpdesk sorts it; found out with the first draft if missing. */
  "topic"?: string;
  /** Of the ticket that you have read, 0: there must be none; missing: whatever it is now. */
  "version"?: number;
}

export interface TicketCounts {
  "open": number;
  "pending": number;
  "solved": number;
}

export interface TicketMessage {
  /** Now if missing. */
  "at"?: string;
  "author"?: string;
  /** Your own id of it, by which it is known again; otherwise it is known by its role, text and time. */
  "id"?: string;
  "role": "customer" | "operator" | "bot";
  "text": string;
}

export interface TicketMessageView {
  "at": string;
  "author"?: string;
  /** Your helpdesk's. */
  "id"?: string;
  /** Sets it apart within the ticket. */
  "place": number;
  "role": "customer" | "operator" | "bot";
  /** The draft that it was made of. */
  "suggestion_id"?: string;
  "text": string;
  /** Of the ticket when the message became known: what is above the version that you have read is new to you. */
  "version": number;
}

export interface TicketPage {
  /** Of all tickets, whatever was asked for; on the first page. */
  "counts"?: TicketCounts;
  /** Who else has which ticket open; on the first page. */
  "here"?: HereView[];
  /** Missing on the last page. */
  "next_cursor"?: string;
  /** Without their messages. */
  "tickets": TicketView[];
}

export interface TicketReplyBody {
  /** Nothing is left to do: the ticket is solved. */
  "close"?: boolean;
  /** Your own id of the reply: sent twice, it counts once. */
  "idempotency_key": string;
  /** Who sends it, where a system does so for somebody; you if missing. */
  "operator_id"?: string;
  /** The draft that it was made of: what became of it is told by this call. */
  "suggestion_id"?: string;
  /** What the customer reads. */
  "text": string;
  /** Of the ticket when the dialogue was read: if anybody has written since, nothing is sent. */
  "version": number;
}

export interface TicketView {
  /** When an operator last answered. */
  "answered_at"?: string;
  /** When the customer last wrote. */
  "asked_at": string;
  /** Who sees to it. */
  "assignee"?: string;
  "channel"?: string;
  "created_at": string;
  "customer_id"?: string;
  /** Its texts were erased a while after it was solved. */
  "forgotten"?: boolean;
  "id": string;
  "language"?: string;
  /** The dialogue, oldest first; when a ticket is read by itself. */
  "messages"?: TicketMessageView[] | null;
  "origin"?: string;
  /** Start of the customer's latest message. */
  "preview"?: string;
  "priority"?: "urgent" | "high" | "normal" | "low";
  /** open: the customer waits. pending: they were answered. */
  "status": "open" | "pending" | "solved";
  "subject": string;
  /** The latest that was made for it. */
  "suggestion_id"?: string;
  "tags": string[];
  /** The customer's, as your helpdesk tells it. */
  "tone"?: string;
  "topic"?: string;
  /** What the topic is about. */
  "topic_label"?: string;
  "updated_at": string;
  /** Counts changes: send it with a change or a reply. */
  "version": number;
}

export interface Told {
  /** When it happened; now if missing. */
  "at"?: string;
  /** Your own id of the event: told twice, it counts once. Made up if missing. */
  "id"?: string;
  "kind"?: "displayed" | "opened" | "copied" | "sent" | "edited" | "rejected" | "rated" | "source_vote" | "missing_knowledge" | "outcome";
  /** Who did it; whoever the suggestion was made for if missing. */
  "operator_id"?: string;
  /** Of outcome. */
  "outcome"?: Outcome;
  /** Of rated. */
  "rating"?: "up" | "down" | "1" | "2" | "3" | "4" | "5";
  /** Of rejected. */
  "reason"?: "wrong" | "outdated" | "incomplete" | "wrong_tone" | "not_needed" | "other";
  /** Of displayed: ids of the sources that were on the screen, first one first. */
  "shown"?: string[];
  /** Of opened, copied and source_vote. */
  "source_id"?: string;
  /** Id of an event of the same suggestion that this one corrects. */
  "supersedes"?: string;
  /** Of edited: what was sent. Of missing_knowledge: what is missing. Of rejected: a remark. */
  "text"?: string;
  /** Of source_vote. */
  "vote"?: "relevant" | "irrelevant" | "outdated" | "incorrect";
}

export interface Took {
  "analyze": number;
  "answer": number;
  "embed": number;
  "rank": number;
  "search": number;
  "total": number;
}

export interface Topic {
  "centroid"?: number[] | null;
  "examples"?: string[] | null;
  "id": string;
  "label": string;
  "size": number;
}

export interface TopicSpeed {
  "accepted_edited": Share;
  "accepted_unchanged": Share;
  "any_use": Share;
  /** When the article was written that most of it is resolved with; null: it was there before, or there is none. */
  "article_published": string | null;
  "by_day": Band[];
  "by_encounter": Band[];
  "curve": LearningCurve;
  /** null: later than it was met. */
  "days_to_proficient": Estimate;
  "encounters": number;
  /** null: it never gets there as it goes. */
  "encounters_to_proficient": Estimate;
  /** null: not yet. */
  "first_accepted": string | null;
  "first_seen": string;
  /** null: not yet. */
  "gap_flagged": string | null;
  "id": string;
  /** Where it comes from: the helpdesk said it, the article that tickets were resolved with, or questions that are alike. */
  "kind": "helpdesk" | "article" | "found";
  /** The article's title, or words that set the topic apart. */
  "label": string;
  "last_seen": string;
  "line": ExpectedQuality[];
  /** null: not yet. */
  "proficient": string | null;
  /** Proficient within the encounters there were; if not, it is censored: it takes more than these. */
  "reached": boolean;
}

export interface Trust {
  "agreed": number;
  "apart": number;
  "listed": boolean;
  "weight": number;
}

export interface UnattendedRun {
  "delta": number;
  "labels": number;
  "note"?: string;
  "risk": number;
  "threshold": number;
  "upper": number;
}

export interface Usage {
  /** Served, and the draft was sent with changes. */
  "edited": number;
  /** How many suggestions were looked at: the latest 10,000 of the last twelve weeks. */
  "of": number;
  /** Served, and the draft was rejected or something else was written. */
  "rejected": number;
  /** Those of them whose draft rested on it. */
  "served": number;
  /** Those that showed it among their sources. */
  "shown": number;
  /** Of the first suggestion that was looked at. */
  "since": string;
  /** Served, and the draft was sent as it was. */
  "unchanged": number;
  /** Served in each of the last twelve weeks, oldest first. */
  "weeks": number[];
}

export interface Usefulness {
  "by_topic"?: Record<string, Posterior>;
  "kept": number;
  "revision": number;
  "whole": Posterior;
}

export interface Vote {
  "amount": number;
  "operator_id": string;
  "rated"?: boolean;
}

export interface WaysOutBody {
  /** By the OpenID provider: have the browser go to /auth/oidc. */
  "oidc": boolean;
  /** By e-mail and password. */
  "password": boolean;
  "version": string;
}

export interface WebhookBody {
  /** false: nothing is sent. Default true. */
  "active"?: boolean;
  /** Whom they are mailed to; or url. */
  "email"?: string;
  /** Kinds of notices, or groups of them; missing: all. */
  "kinds"?: string[];
  /** That deliveries are signed with; missing: the one there is, or one is made. */
  "secret"?: string;
  /** Where notices are posted to; or email. */
  "url"?: string;
}

export interface WebhookList {
  /** Oldest first. */
  "webhooks": WebhookView[];
}

export interface WebhookView {
  "active": boolean;
  "author"?: string;
  "created_at": string;
  "email"?: string;
  "id": string;
  /** Empty: all. */
  "kinds": string[];
  /** Shown once, when the hook is made: keep it. */
  "secret"?: string;
  "url"?: string;
}

export interface Weights {
  "dense": number;
  "lexical": number[] | null;
}

export interface WidgetBody {
  /** Of the pages that may show the panel; none: nowhere. */
  "origins": string[];
  /** Tokens that were made before hold no more. */
  "renew"?: boolean;
}

export interface WidgetSession {
  "expires_at": string;
  "operator": OperatorIn;
  /** Of the pages that may show the panel, and that it may talk to. */
  "origins": string[];
  "ticket_id": string;
}

export interface WidgetTokenBody {
  /** Who sits at the panel; the id is needed. */
  "operator": OperatorIn;
  "ticket_id": string;
}

export interface WidgetTokenView {
  "expires_at": string;
  /** Address of the panel's page on this server with the token in it, for a frame of your own; widget.js needs the token alone. */
  "page": string;
  /** Hand it to the panel; it holds for 15 minutes. */
  "token": string;
}

export interface WidgetView {
  /** Of the pages that may show the panel. */
  "origins": string[];
}

export interface WorkspaceView {
  "id": string;
  "name": string;
}
