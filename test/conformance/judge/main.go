// judge answers with Istio's own code and a real Envoy what becomes of requests. ../README.md describes cases and answers.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"

	"ambit.dev/conformance/judge/internal/sandbox"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/log"
)

func main() {
	options := options{}
	flag.StringVar(&options.out, "out", "", "folder of the answers")
	flag.StringVar(&options.envoy, "envoy", os.Getenv("AMBIT_ENVOY"), "Envoy's binary")
	flag.BoolVar(&options.analyze, "analyze", false, "run the analyzers of istioctl too")
	flag.BoolVar(&options.keep, "keep", false, "keep what Envoy is given, and its log, in the folder of the answers")
	verbose := flag.Bool("verbose", false, "show Istio's logs")
	flag.Parse()
	options.cases = flag.Args()
	if err := options.check(); err != nil {
		fail(err)
	}
	if err := sandbox.Enter("PILOT_ENABLE_AMBIENT=true"); err != nil {
		fail(err)
	}
	// Where the injector puts the proxy's container decides nothing here, and detection needs a cluster.
	features.EnableNativeSidecars = features.NativeSidecarModeDisabled
	// Every case makes and forgets a whole control plane.
	debug.SetGCPercent(400)
	if !*verbose {
		for _, scope := range log.Scopes() {
			scope.SetOutputLevel(log.NoneLevel)
		}
	}
	if err := run(options); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "judge:", err)
	os.Exit(2)
}
