package istiod

import (
	"fmt"

	"istio.io/istio/pkg/test"
)

// failure is what Istio's test server gives up with.
type failure struct{ message string }

// failer stands where Istio's helpers expect a test: what fails there is an answer of the judge here.
type failer struct {
	folder   string
	cleanups []func()
}

var _ test.Failer = &failer{}

func (f *failer) Fail()                           { panic(failure{"failed"}) }
func (f *failer) FailNow()                        { panic(failure{"failed"}) }
func (f *failer) Fatal(args ...any)               { panic(failure{fmt.Sprint(args...)}) }
func (f *failer) Fatalf(text string, args ...any) { panic(failure{fmt.Sprintf(text, args...)}) }
func (f *failer) Log(...any)                      {}
func (f *failer) Logf(string, ...any)             {}
func (f *failer) Skip(...any)                     {}
func (f *failer) Helper()                         {}
func (f *failer) TempDir() string                 { return f.folder }
func (f *failer) Cleanup(cleanup func())          { f.cleanups = append(f.cleanups, cleanup) }

// cleanUp runs what was asked for, last first, and goes on where something fails.
func (f *failer) cleanUp() {
	for i := len(f.cleanups) - 1; i >= 0; i-- {
		_ = attempt(f.cleanups[i])
	}
	f.cleanups = nil
}

// attempt turns a failure of Istio's helpers into an error.
func attempt(run func()) (err error) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case failure:
			err = fmt.Errorf("istiod: %s", caught.message)
		default:
			panic(caught)
		}
	}()
	run()
	return nil
}
