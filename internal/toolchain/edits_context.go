package toolchain

// contextEdits make the operations of contexts points, and keep a context's children in order.
var contextEdits = []Edit{
	{
		File:    "context/context.go",
		Anchor:  "import (\n",
		Replace: "import (\n	\"internal/runtime/sys\"\n	\"unsafe\"\n",
		Why:     "imports",
	},
	{
		File:    "context/context.go",
		Anchor:  "	children map[canceler]struct{} // set to nil by the first cancel call\n",
		Replace: "	children map[canceler]struct{} // set to nil by the first cancel call\n	lcOrder  []lcChild             // the children in order, with some that have left\n",
		Why:     "a context's children are ended in an order drawn from the schedule",
	},
	{
		File:    "context/context.go",
		Anchor:  "			p.children[child] = struct{}{}\n",
		Replace: "			p.lcOrder = lcInsert(p, child)\n			p.children[child] = struct{}{}\n",
		Why:     "a context's children are ended in an order drawn from the schedule",
	},
	{
		File:    "context/context.go",
		Anchor:  "	for child := range c.children {\n",
		Replace: "	if len(c.children) > 0 {\n		lcGoesOn()\n	}\n	for _, child := range c.lcOrder {\n		if _, ok := c.children[child.canceler]; !ok {\n			continue\n		}\n",
		Why:     "a context's children are ended in an order drawn from the schedule",
	},
	{
		File:    "context/context.go",
		Anchor:  "	c.children = nil\n",
		Replace: "	if len(c.children) > 0 {\n		lcCtxEnded(unsafe.Pointer(c))\n	}\n	c.children = nil\n	c.lcOrder = nil\n",
		Why:     "a context's children are ended in an order drawn from the schedule",
	},
	{
		File:    "context/context.go",
		Anchor:  "func (c *cancelCtx) Done() <-chan struct{} {\n",
		Replace: "func (c *cancelCtx) Done() <-chan struct{} {\n	lcPoint(lcKCtxDone, unsafe.Pointer(c), nil, lcAlways, sys.GetCallerPC())\n",
		Why:     "Done is an operation",
	},
	{
		File:    "context/context.go",
		Anchor:  "		d = make(chan struct{})\n",
		Replace: "		d = make(chan struct{})\n		lcMadeDone(unsafe.Pointer(c), d)\n",
		Why:     "a context's channel is known in every run by the context, whoever has asked for it first",
	},
	{
		File:    "context/context.go",
		Anchor:  "func (c *cancelCtx) Err() error {\n",
		Replace: "func (c *cancelCtx) Err() error {\n	lcPoint(lcKCtxErr, unsafe.Pointer(c), nil, lcAlways, sys.GetCallerPC())\n",
		Why:     "Err is an operation",
	},
	{
		File:    "context/context.go",
		Anchor:  "		<-c.Done()\n",
		Replace: "		if !lcControlled() {\n			<-c.Done()\n		}\n",
		Why:     "who ends a context sets the error and closes the channel in one step: to wait for the second is no use of the channel that the program made",
	},
	{
		File:    "context/context.go",
		Anchor:  "	if cause == nil {\n		cause = err\n	}\n	c.mu.Lock()\n",
		Replace: "	if cause == nil {\n		cause = err\n	}\n	lcPoint(lcKCtxCancel, unsafe.Pointer(c), unsafe.Pointer(&c.mu), lcBitClear, 0)\n	c.mu.Lock()\n",
		Why:     "the end of each context is an operation",
	},
	{
		File:    "context/context.go",
		Anchor:  "		return // already canceled\n",
		Replace: "		lcWasRead()\n		return // already canceled\n",
		Why:     "ending a context twice changes nothing",
	},
	{
		File:    "context/context.go",
		Anchor:  "		stopped := false\n",
		Replace: "		lcPoint(lcKCtxCancel, unsafe.Pointer(&a.cancelCtx), nil, lcAlways, 0)\n		stopped := false\n",
		Why:     "AfterFunc's stop is an operation: it or the end of the context comes first",
	},
	{
		File:    "context/context.go",
		Anchor:  "			a.cancel(true, Canceled, nil)\n		}\n",
		Replace: "			a.cancel(true, Canceled, nil)\n		} else {\n			lcWasRead()\n		}\n",
		Why:     "an AfterFunc that is stopped too late changes nothing",
	},
	{
		File:    "context/context.go",
		Anchor:  "	p.mu.Lock()\n	if p.children != nil {\n",
		Replace: "	lcPoint(lcKCtxLeave, unsafe.Pointer(p), unsafe.Pointer(&p.mu), lcBitClear, 0)\n	p.mu.Lock()\n	if p.children != nil {\n",
		Why:     "a child that has left its parent is not ended by the parent's end; while the parent ends its children it waits",
	},
	{
		File:    "context/context.go",
		Anchor:  "func Cause(c Context) error {\n",
		Replace: "func Cause(c Context) error {\n	return lcCause(c, sys.GetCallerPC())\n}\n\nfunc lcCause(c Context, pc uintptr) error {\n",
		Why:     "Cause is an operation",
	},
	{
		File:    "context/context.go",
		Anchor:  "		cc.mu.Lock()\n		cause := cc.cause\n		cc.mu.Unlock()\n",
		Replace: "		lcPoint(lcKCtxCause, unsafe.Pointer(cc), unsafe.Pointer(&cc.mu), lcBitClear, pc)\n		cause := lcCauseOf(cc)\n",
		Why:     "it waits while the context ends its children, and its Lock and Unlock are no operations of their own",
	},
	{
		File:    "context/context.go",
		Anchor:  "		child.cancel(false, parent.Err(), Cause(parent))\n		return\n	default:\n",
		Replace: "		child.cancel(false, parent.Err(), lcCause(parent, 0))\n		return\n	default:\n",
		Why:     "so does who derives from a context that has ended",
	},
}
