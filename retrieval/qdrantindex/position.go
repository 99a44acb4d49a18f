package qdrantindex

import (
	"context"
	"fmt"

	"github.com/qdrant/go-client/qdrant"
)

// positionID is the id of the point that keeps the workspace's position. It has
// no vectors, so no search finds it, and no document, so no Replace removes it.
func positionID(workspace string) *qdrant.PointId { return pointID("position", workspace) }

// Position implements retrieval.Index.
func (ix *Index) Position(ctx context.Context, workspace string) (int64, error) {
	var points []*qdrant.RetrievedPoint
	err := ix.read(ctx, func(ctx context.Context) error {
		var err error
		points, err = ix.client.Get(ctx, &qdrant.GetPoints{
			CollectionName: ix.collection, Ids: []*qdrant.PointId{positionID(workspace)},
			WithPayload: qdrant.NewWithPayloadInclude(fieldPosition),
		})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("qdrantindex: position of %s: %w", workspace, err)
	}
	if len(points) == 0 {
		return 0, nil
	}
	return points[0].GetPayload()[fieldPosition].GetIntegerValue(), nil
}

// SetPosition implements retrieval.Index.
func (ix *Index) SetPosition(ctx context.Context, workspace string, seq int64) error {
	point := &qdrant.PointStruct{
		Id:      positionID(workspace),
		Vectors: qdrant.NewVectorsMap(map[string]*qdrant.Vector{}),
		Payload: map[string]*qdrant.Value{
			fieldWorkspace: qdrant.NewValueString(workspace),
			fieldPosition:  qdrant.NewValueInt(seq),
		},
	}
	err := ix.update(ctx, qdrant.NewPointsUpdateUpsert(&qdrant.PointsUpdateOperation_PointStructList{
		Points: []*qdrant.PointStruct{point},
	}))
	if err != nil {
		return fmt.Errorf("qdrantindex: position of %s: %w", workspace, err)
	}
	return nil
}
