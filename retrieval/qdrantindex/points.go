package qdrantindex

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// The fields of a point's payload. Those a filter can test are always there,
// empty ones included, so that "none" is a value like any other.
const (
	fieldWorkspace = "workspace"
	fieldDocument  = "document"
	fieldKind      = "kind"
	fieldTitle     = "title"
	fieldURL       = "url"
	fieldLocale    = "locale"
	fieldProduct   = "product"
	fieldRegion    = "region"
	fieldTags      = "tags"
	fieldAudience  = "audience"
	fieldRevision  = "revision"
	fieldResolved  = "resolved_with"
	fieldEvidence  = "evidence"
	fieldOrdinal   = "ordinal"
	fieldHeading   = "heading"
	fieldText      = "text"
	fieldStart     = "start"
	fieldEnd       = "end"
	fieldPosition  = "position" // only of the point that keeps a workspace's position
)

// pointID is the id of what the names tell apart. The same names give the same
// id on every machine, so that writing a passage again replaces it.
func pointID(names ...string) *qdrant.PointId {
	h := sha1.New() // for spreading, not for secrecy: version 5 of RFC 9562 wants it
	for _, name := range names {
		h.Write([]byte(name))
		h.Write([]byte{0}) // which no name holds
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x50 // version 5
	b[8] = b[8]&0x3f | 0x80 // variant
	s := hex.EncodeToString(b)
	return qdrant.NewIDUUID(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:])
}

func passageID(workspace, document string, ordinal int) *qdrant.PointId {
	return pointID("passage", workspace, document, strconv.Itoa(ordinal))
}

// says reports whether v is of a text that says something. A vector of zeros is
// as near to one text as to any other, so it counts as none.
func says(v embeddings.Vector) bool {
	return slices.ContainsFunc(v, func(x float32) bool { return x != 0 })
}

// pointOf is the form in which Qdrant keeps a passage.
func pointOf(workspace string, s *retrieval.Source, p *retrieval.Point) *qdrant.PointStruct {
	// The terms are there even if there are none: a vector that is left out can
	// keep what it was.
	vectors := map[string]*qdrant.Vector{lexicalVector: qdrant.NewVectorSparse(p.Sparse.Terms, p.Sparse.Weights)}
	if says(p.Dense) {
		vectors[denseVector] = qdrant.NewVectorDense(p.Dense)
	}
	tags := make([]*qdrant.Value, len(s.Tags))
	for i, tag := range s.Tags {
		tags[i] = qdrant.NewValueString(tag)
	}
	return &qdrant.PointStruct{
		Id:      passageID(workspace, s.ID, p.Passage.Ordinal),
		Vectors: qdrant.NewVectorsMap(vectors),
		Payload: map[string]*qdrant.Value{
			fieldWorkspace: qdrant.NewValueString(workspace),
			fieldDocument:  qdrant.NewValueString(s.ID),
			fieldKind:      qdrant.NewValueString(string(s.Kind)),
			fieldTitle:     qdrant.NewValueString(s.Title),
			fieldURL:       qdrant.NewValueString(s.URL),
			fieldLocale:    qdrant.NewValueString(s.Locale),
			fieldProduct:   qdrant.NewValueString(s.Product),
			fieldRegion:    qdrant.NewValueString(s.Region),
			fieldTags:      qdrant.NewValueFromList(tags...),
			fieldAudience:  qdrant.NewValueString(string(s.Audience)),
			fieldRevision:  qdrant.NewValueInt(s.Revision),
			fieldResolved:  qdrant.NewValueString(s.ResolvedWith),
			fieldEvidence:  qdrant.NewValueInt(s.Evidence),
			fieldOrdinal:   qdrant.NewValueInt(int64(p.Passage.Ordinal)),
			fieldHeading:   qdrant.NewValueString(p.Passage.Heading),
			fieldText:      qdrant.NewValueString(p.Passage.Text),
			fieldStart:     qdrant.NewValueInt(int64(p.Passage.Start)),
			fieldEnd:       qdrant.NewValueInt(int64(p.Passage.End)),
		},
	}
}

// hitOf reads a passage back, with no score yet.
func hitOf(payload map[string]*qdrant.Value) retrieval.Hit {
	text := func(field string) string { return payload[field].GetStringValue() }
	number := func(field string) int { return int(payload[field].GetIntegerValue()) }
	var tags []string
	for _, tag := range payload[fieldTags].GetListValue().GetValues() {
		tags = append(tags, tag.GetStringValue())
	}
	return retrieval.Hit{
		Source: retrieval.Source{
			ID: text(fieldDocument), Kind: kb.Kind(text(fieldKind)), Title: text(fieldTitle), URL: text(fieldURL),
			Locale: text(fieldLocale), Product: text(fieldProduct), Region: text(fieldRegion), Tags: tags,
			Audience: kb.Audience(text(fieldAudience)), Revision: payload[fieldRevision].GetIntegerValue(),
			ResolvedWith: text(fieldResolved), Evidence: payload[fieldEvidence].GetIntegerValue(),
		},
		Passage: kb.Passage{
			Ordinal: number(fieldOrdinal), Heading: text(fieldHeading), Text: text(fieldText),
			Start: number(fieldStart), End: number(fieldEnd),
		},
	}
}
