package nucleus.caps;

/**
 * Loads every class of this library that a change, its verification or exec may need. After a change of the uid their
 * files may be out of reach, and a verification whose classes cannot be loaded is none. What no drop comes by is left
 * out, and so is what of the bindings is never used by its own name: those functions are called in one shape.
 */
final class Preload {

    /** Nested classes are named as in their files. A test compares this with the files that there are. */
    private static final String CLASSES = """
            Capability CapabilitySet CapabilitySets CapabilitySets$1 Caps Caps$Linux CapsException Chain Confinement
            Host Iab IabText Identity Log Log$Speaker Log$Voice Mode Names Phase Phase$BoundingDropped Phase$Dropped
            Phase$IdentitySwitched Phase$Initial Phases Phases$Base Phases$BoundingDroppedPhase Phases$DroppedPhase
            Phases$IdentitySwitchedPhase Phases$InitialPhase Phases$Options Phases$Step Preload Scope SecureBit
            SecureBits SetKind Startup ThreadCaps ThreadStatus ThreadStatus$Ids VerificationException
            VerificationException$Difference
            internal.launch.Replace internal.launch.Search internal.launch.Words
            internal.recipe.Against internal.recipe.ApplyIab internal.recipe.ApplySets internal.recipe.ChangeSecureBits
            internal.recipe.ChangeSet internal.recipe.ChangeSet$1 internal.recipe.DropBounding internal.recipe.Effects
            internal.recipe.EnterMode internal.recipe.EnterMode$1 internal.recipe.Finish
            internal.recipe.LockUnprivileged internal.recipe.Plan internal.recipe.Plan$Refused internal.recipe.Recipe
            internal.recipe.Refusal internal.recipe.Rules internal.recipe.Securing internal.recipe.SetNoNewPrivs
            internal.recipe.State internal.recipe.SwitchIdentity internal.recipe.Transition internal.recipe.Unmet
            internal.recipe.Verifier internal.recipe.Wish
            internal.kernel.CLibrary internal.kernel.Callers internal.kernel.Callers$Caller internal.kernel.Change
            internal.kernel.Change$CapSet internal.kernel.Change$Cases internal.kernel.Change$DropBounding
            internal.kernel.Change$Each internal.kernel.Change$KeepCaps internal.kernel.Change$LowerAmbient
            internal.kernel.Change$NoNewPrivs internal.kernel.Change$RaiseAmbient internal.kernel.Change$SetGid
            internal.kernel.Change$SetGroups internal.kernel.Change$SetSecureBits internal.kernel.Change$SetUid
            internal.kernel.Errno internal.kernel.Failure internal.kernel.FileCapabilities internal.kernel.Instruction
            internal.kernel.Instruction$Bytes internal.kernel.Instruction$Operand internal.kernel.Instruction$Value
            internal.kernel.Instructions internal.kernel.Kernel internal.kernel.LaunchNumbers internal.kernel.Libc
            internal.kernel.Libc$CapData internal.kernel.Libc$Copies internal.kernel.LinuxKernel
            internal.kernel.NativeText internal.kernel.Platform internal.kernel.Proc internal.kernel.ProcStatus
            internal.kernel.ProcessKernel internal.kernel.ProcessKernel$Done internal.kernel.Program
            internal.kernel.Program$Step internal.kernel.ProgramFile internal.kernel.Ran internal.kernel.Refusals
            internal.kernel.Replacement internal.kernel.ScopeKernel internal.kernel.SyscallNumbers
            internal.kernel.ThreadKernel internal.kernel.ThreadKernel$1 internal.kernel.UserDatabase
            internal.kernel.UserNamespace internal.kernel.UserNamespace$Range
            internal.threads.AllThreads internal.threads.Answer internal.threads.Call internal.threads.Call$Argument
            internal.threads.Call$Input internal.threads.Call$Memory internal.threads.Call$Value
            internal.threads.ControlBlock internal.threads.Handler internal.threads.Listing
            internal.threads.Listing$Entry internal.threads.LiveTasks internal.threads.Machine internal.threads.Met
            internal.threads.Native internal.threads.Native$Shape internal.threads.Numbers internal.threads.Outcome
            internal.threads.Outcome$Effort internal.threads.Processor internal.threads.Refusals
            internal.threads.Rehearsal internal.threads.Round internal.threads.Signal internal.threads.TaskDirectory
            internal.threads.TaskStat internal.threads.Tasks internal.threads.Told
            internal.ffi.linux_caps_h internal.ffi.linux_caps_h$getgrouplist internal.ffi.linux_caps_h$getpwnam_r
            internal.ffi.passwd
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
        return CLASSES.strip().split("[ \n]+");
    }
}
