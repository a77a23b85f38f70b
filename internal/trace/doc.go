// Package trace marks what a request spends its time on: its route, the verb that
// it calls, and the wait for the group commit.
//
// It promises two things. A span says nothing of anybody: names are constants of
// the program, and the only attributes are method, route pattern, status and the
// request's random id. And where no tracer was given, [Start] allocates nothing:
// spans hang on the request's own, which is there only when traces are on.
//
// Identifiers of traces that come with a request are passed over: a stranger shall
// neither choose what is recorded nor join two requests of different people.
//
// Tables: none.
package trace
