/**
 * An exhaustive model check of the order of a drop, for a reader who knows TLA+.
 *
 * <p>The next-state relation is not a second description of the library. It is the library: {@code Phases}, {@code Session},
 * the planner and the rules run as they are, on a model of the kernel. The model of a thread is {@code FakeThread}, written
 * after security/commoncap.c; {@code ModelAgainstKernelIT} compares it with the real kernel.
 *
 * <p><b>Variables.</b> For each living thread t: {@code now[t]}, its credentials; {@code start[t]} and {@code step[t]}, what
 * its line of ancestors held at the start and when the present step began. {@code phase}: the object of the library.
 * {@code calls} and {@code points}: how many system calls and points have passed. They are in {@code ModelKernel} and
 * {@code ModelThread}.
 *
 * <p><b>Init.</b> One thread in any state of {@code Starts.of}, or three in the states of {@code Starts.few}; phase is
 * Initial. The build has 13 states of three threads, chosen by hand from the 196 of the full space. A capability is in one of sixteen places: each subset of the five sets with E within P and A within P and I.
 * There are three kinds of capability, the uids 0 and 1000, and seven words of securebits.
 *
 * <p><b>Next.</b> One of: the phase takes a step of {@code Step.paths}, which begins a round; a thread in the round makes its
 * next call, which the kernel's rules serve or refuse; the environment refuses that call (once in a behaviour, at each call
 * in turn); at a point (before a round, after each program, after the last) a living thread gives birth to another or a
 * thread other than the caller ends (once in a behaviour, at each point in turn); a failed step is repeated. A behaviour is
 * one choice of these. The test enumerates all choices and runs each from Init, so that no state of the library has to be
 * copied.
 *
 * <p><b>Properties</b>, which {@code Property} names:
 * <pre>
 * ASKED      [](a step of phase succeeded => \A t: asked(step, start[t], now[t]))     asked is written out in Step
 * NO_GAIN    [](\A t: B[t] \subseteq B0[t] /\ P[t] \subseteq P0[t] /\ E[t] \subseteq P[t] /\ A[t] \subseteq P[t] \cap I[t]
 *               /\ I[t] \subseteq I0[t] \cup B0[t] /\ (uid 0 now => uid 0 then) /\ no lock and no no_new_privs is undone)
 * UNCHANGED  [](an exception says changed() = FALSE => \A t: now[t] = step[t])
 * RETRY      [](a step failed and its equal succeeded => \A t: asked(step, start[t], now[t]));
 *            [](a step failed and changed() => every other step from that phase throws and changes nothing)
 * KEEPCAPS   [](a program of t ended => (KEEPCAPS on => KEEPCAPS was on before that program))
 * SUCCEEDS   [](a round began and the environment refused nothing => the step succeeds)
 * ENDS       every path ends in a phase that is Ended, or in an exception
 * </pre>
 * SUCCEEDS finds a wrong order: a plan whose steps are exchanged asks for something that the kernel's rules refuse, or ends
 * in another state. The test exchanges every two steps of every plan and lists those that may be exchanged.
 *
 * <p><b>Symmetry.</b> The kernel and the library treat all capabilities alike that guard no call of a drop, so CAP_CHOWN
 * stands for each. CAP_SETUID and CAP_SETGID are always in the same place. The two threads beside the caller are
 * interchangeable: only one order of their states is taken. The build takes each start state in which at least two kinds of
 * capability are permitted and in bounding, effective or not, and the third is at any place. {@code mvn verify -Pmodel}
 * takes all.
 *
 * <p><b>Not modelled.</b> How a round finds each thread: it asks every living one, which {@code Round} argues and its tests
 * show. Silent threads, the contradictions of /proc, io_uring, user namespaces, dumpable and the parent-death signal. Several
 * births in one round; the file system uid apart from the others; options of a drop other than the usual. A thread that
 * changed and ended before it told anything counts as unchanged.
 */
package nucleus.caps.model;
