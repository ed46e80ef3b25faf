/**
 * Helpers of the privileged tests.
 *
 * <p>A test runs a scenario in a child JVM, which stops at named points. There the test reads the child from outside.
 * <ul>
 * <li>{@link privileged.harness.ObservedChild}: the child, as the test sees it; most tests need only this</li>
 * <li>{@link privileged.harness.ChildScenario}: what the child does</li>
 * <li>{@link privileged.harness.Checkpoints}: stops at a point, or says what was thrown; the child's end</li>
 * <li>{@link privileged.harness.ChildCommand}: how the child is started: identity, securebits, strace, JVM options</li>
 * <li>{@link privileged.harness.ChildArguments}: sets and identities as arguments of the child</li>
 * <li>{@link privileged.harness.ChildMain}: the main class of the child</li>
 * <li>{@link privileged.harness.SharedClasses}: makes children start faster</li>
 * <li>{@link privileged.harness.ChildOutput}, {@link privileged.harness.OtherThreads}: parts of ObservedChild</li>
 * <li>{@link privileged.harness.Thrown}: an exception that the child caught</li>
 * <li>{@link privileged.harness.FragileChild}: a child that may hang or end at any point</li>
 * </ul>
 *
 * <p>Reading from outside, without the library:
 * <ul>
 * <li>{@link privileged.harness.OutsideStatus}: one thread, from its status file</li>
 * <li>{@link privileged.harness.ProcTasks}: the threads of a process</li>
 * <li>{@link privileged.harness.Observer}: the state of every thread of a process</li>
 * <li>{@link privileged.harness.CapMasks}, {@link privileged.harness.TestIds}: masks and ids</li>
 * </ul>
 *
 * <p>Programs and calls:
 * <ul>
 * <li>{@link privileged.harness.Command}: runs a program to its end</li>
 * <li>{@link privileged.harness.CSource}: compiles a source that lies beside the test</li>
 * <li>{@link privileged.harness.SmallPrograms}: programs with an owner, a mode or capabilities</li>
 * <li>{@link privileged.harness.Modules}: copies of what was built, and directories that are deleted at the end</li>
 * <li>{@link privileged.harness.Syscalls}: bare system calls of the child</li>
 * <li>{@link privileged.harness.SeccompFilter}: makes some of them fail</li>
 * </ul>
 *
 * <p>Which tests run where, and whether all did:
 * <ul>
 * <li>{@link privileged.harness.Privileged}: the capabilities that a test needs</li>
 * <li>{@link privileged.harness.Requires}, {@link privileged.harness.Requirement}: what else it needs</li>
 * <li>{@link privileged.harness.SameInContainers}, {@link privileged.harness.Smoke}: which containers run the class</li>
 * <li>{@link privileged.harness.PlannedTest}, {@link privileged.harness.DeclaredRows}: what the compiled tests declare</li>
 * <li>{@link privileged.harness.ReportFile}, {@link privileged.harness.TestReports}: compare the reports with it</li>
 * <li>{@link privileged.harness.Tally}: counts outcomes, to print</li>
 * </ul>
 */
package privileged.harness;
