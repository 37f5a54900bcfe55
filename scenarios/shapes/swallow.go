package shapes

// Swallow posts and ignores the refusal: tornado's add_callback ("we can't guarantee that an add_callback that completes without
// error will eventually execute", tornado#3059), anyio since its mending (anyio#1279), bellows#727. Under it lies the post of CheckThenPost.
//
// There is no noise, and what comes late is lost, by design.
type Swallow struct{ CheckThenPost }

var _ Shape = (*Swallow)(nil)

func NewSwallow(workers int, report func(error)) *Swallow {
	s := new(Swallow)
	s.init(s, workers, report)
	return s
}

// Post says nothing of whether f will run: its error is always nil.
func (s *Swallow) Post(f func()) error {
	s.CheckThenPost.Post(f)
	return nil
}

func (s *Swallow) hand(f *Future, err error) {
	s.Post(func() { f.finish(err) })
}
