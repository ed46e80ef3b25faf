package nucleus.caps;

/**
 * Loads every class of this library now. After a change of the uid its files may be out of reach, and a verification
 * whose classes cannot be loaded is none. What the tool alone needs is left out.
 */
final class Preload {

    /** Nested classes are named as in their files. A test compares this with the files that there are. */
    private static final String CLASSES = """
            Capability CapabilitySet CapabilitySets CapabilitySets$1 Caps Caps$1 Caps$Linux CapsException Chain
            Confinement Host Identity Log Log$Speaker Names Phase Phase$BoundingDropped Phase$Dropped
            Phase$IdentitySwitched Phase$Initial Phases Phases$Base Phases$BoundingDroppedPhase Phases$DroppedPhase
            Phases$IdentitySwitchedPhase Phases$InitialPhase Phases$Step Preload Scope SecureBits SetKind Startup
            ThreadCaps ThreadStatus ThreadStatus$Ids VerificationException VerificationException$Difference
            internal.recipe.ApplySets internal.recipe.ChangeSet internal.recipe.ChangeSet$1
            internal.recipe.DropBounding internal.recipe.Effects internal.recipe.Finish internal.recipe.Plan
            internal.recipe.Plan$Refused internal.recipe.Recipe internal.recipe.Refusal internal.recipe.Rules
            internal.recipe.State internal.recipe.SwitchIdentity internal.recipe.Transition internal.recipe.Verifier
            internal.recipe.Wish
            internal.kernel.CLibrary internal.kernel.Change internal.kernel.Change$CapSet
            internal.kernel.Change$DropBounding internal.kernel.Change$KeepCaps internal.kernel.Change$LowerAmbient
            internal.kernel.Change$NoNewPrivs internal.kernel.Change$RaiseAmbient internal.kernel.Change$SetGid
            internal.kernel.Change$SetGroups internal.kernel.Change$SetUid internal.kernel.Errno
            internal.kernel.Failure internal.kernel.Kernel internal.kernel.Libc internal.kernel.Libc$CapData
            internal.kernel.LinuxKernel internal.kernel.LinuxKernel$1 internal.kernel.Proc internal.kernel.Platform
            internal.kernel.ProcStatus internal.kernel.ProcessKernel internal.kernel.Program
            internal.kernel.Program$Step internal.kernel.Refusals internal.kernel.ScopeKernel
            internal.kernel.SyscallNumbers internal.kernel.ThreadKernel internal.kernel.UserDatabase
            internal.kernel.UserNamespace internal.kernel.UserNamespace$Range
            internal.threads.AllThreads internal.threads.Answer internal.threads.Blocking internal.threads.Call
            internal.threads.Call$Argument internal.threads.Call$Input internal.threads.Call$Value
            internal.threads.ControlBlock internal.threads.Handler internal.threads.Listing
            internal.threads.Listing$Entry internal.threads.LiveTasks internal.threads.Machine internal.threads.Met
            internal.threads.Met$Known internal.threads.Numbers internal.threads.Outcome
            internal.threads.Outcome$Effort internal.threads.Processor internal.threads.Refusals
            internal.threads.Rehearsal internal.threads.Round internal.threads.Signal internal.threads.TaskDirectory
            internal.threads.TaskStat internal.threads.Tasks
            internal.ffi.__user_cap_data_struct internal.ffi.__user_cap_header_struct internal.ffi.linux_caps_h
            internal.ffi.linux_caps_h$capget internal.ffi.linux_caps_h$capset internal.ffi.linux_caps_h$getgrouplist
            internal.ffi.linux_caps_h$getpwnam_r internal.ffi.linux_caps_h$prctl internal.ffi.linux_caps_h$setgroups
            internal.ffi.linux_caps_h$setresgid internal.ffi.linux_caps_h$setresuid
            internal.ffi.linux_caps_h$syscall internal.ffi.passwd
            """;

    private Preload() {
    }

    /** Loads, and links nothing: that is for those who use them. */
    static void everything() {
        for (String name : classes()) {
            try {
                Class.forName(Preload.class.getPackageName() + "." + name, false, Preload.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("a class of this library is missing: " + name, e);
            }
        }
    }

    static String[] classes() {
        return CLASSES.strip().split("\\s+");
    }
}
