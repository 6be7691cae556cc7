package ztunnel

import (
	"maps"
	"slices"
)

func sorted[T any](of map[string]T) []string { return slices.Sorted(maps.Keys(of)) }
