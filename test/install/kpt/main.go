// kpt as its users have it, as far as functions go. The whole program needs a module that no proxy serves.
package main

import (
	"context"
	"os"

	"github.com/kptdev/kpt/commands/fn"
	"github.com/kptdev/kpt/pkg/printer"
	"github.com/spf13/cobra"
)

func main() {
	ctx := printer.WithContext(context.Background(), printer.New(os.Stdout, os.Stderr))
	kpt := &cobra.Command{Use: "kpt", SilenceUsage: true}
	kpt.AddCommand(fn.GetCommand(ctx, "kpt"))
	if kpt.ExecuteContext(ctx) != nil {
		os.Exit(1)
	}
}
