package nucleus.caps.internal.kernel;

import java.util.List;

/** The C library's own way to change the identity of every thread, nptl(7). It aborts where threads differ. */
final class CLibrary {

    private CLibrary() {
    }

    static List<Failure> run(List<Change> round) {
        for (Change change : round) {
            long result = switch (change) {
                case Change.SetGroups set -> Libc.setgroupsOfProcess(set.groups());
                case Change.SetGid set -> Libc.setresgidOfProcess(set.gid());
                case Change.SetUid set -> Libc.setresuidOfProcess(set.uid());
                default -> throw new IllegalArgumentException("not of the identity: " + change.syscall());
            };
            if (result < 0) {
                return List.of(new Failure(Proc.callingThread().tid(), change, change.syscall(),
                        new Errno((int) -result)));
            }
        }
        return List.of();
    }
}
