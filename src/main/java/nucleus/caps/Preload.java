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
            Credentials Credentials$Ids Headroom Iab IabText Identity Log Log$Speaker Log$Voice Mode Names Phase
            Phase$BoundingDropped Phase$Dropped Phase$IdentitySwitched Phase$Initial Phases Phases$Base
            Phases$BoundingDroppedPhase Phases$DroppedPhase Phases$IdentitySwitchedPhase Phases$InitialPhase
            Phases$Options Phases$Step Preload Scope SecureBit SecureBits SetKind Startup ThreadCaps ThreadStatus
            VerificationException VerificationException$Difference
            internal.launch.Replace internal.launch.Search internal.launch.Words
            internal.recipe.Draft internal.recipe.Draft$Course internal.recipe.Effects internal.recipe.Planner
            internal.recipe.Refusal internal.recipe.Refusal$Refused internal.recipe.Root internal.recipe.Rules
            internal.recipe.Rules$Against internal.recipe.Target internal.recipe.Transition internal.recipe.Verifier
            internal.kernel.Callers internal.kernel.Callers$Caller internal.kernel.Calls internal.kernel.Calls$Row
            internal.kernel.Change internal.kernel.Change$AdjustCaps internal.kernel.Change$CapSet
            internal.kernel.Change$Cases internal.kernel.Change$DropBounding internal.kernel.Change$Each
            internal.kernel.Change$KeepCaps internal.kernel.Change$LowerAmbient internal.kernel.Change$NoNewPrivs
            internal.kernel.Change$RaiseAmbient internal.kernel.Change$SetGid internal.kernel.Change$SetGroups
            internal.kernel.Change$SetSecureBits internal.kernel.Change$SetUid internal.kernel.Errno
            internal.kernel.EveryThread internal.kernel.EveryThread$Judgement internal.kernel.Failure
            internal.kernel.FileCapabilities internal.kernel.Instruction internal.kernel.Instruction$Bytes
            internal.kernel.Instruction$Operand internal.kernel.Instruction$Value internal.kernel.Instructions
            internal.kernel.Kernel internal.kernel.Libc internal.kernel.Libc$CapData internal.kernel.Libc$Copies
            internal.kernel.LinuxKernel internal.kernel.NativeText internal.kernel.Plan internal.kernel.Plan$Step
            internal.kernel.Platform internal.kernel.Proc internal.kernel.ProcStatus internal.kernel.ProgramFile
            internal.kernel.Questions internal.kernel.Refusals internal.kernel.Replacement internal.kernel.RoundResult
            internal.kernel.Scout internal.kernel.ThreadKernel internal.kernel.UserDatabase
            internal.kernel.UserNamespace internal.kernel.UserNamespace$Range internal.kernel.Witness
            internal.threads.AllThreads internal.threads.Answer internal.threads.Call internal.threads.Call$Argument
            internal.threads.Call$Input internal.threads.Call$Memory internal.threads.Call$Own
            internal.threads.Call$Value internal.threads.ControlBlock internal.threads.Handler internal.threads.LibC
            internal.threads.Listing internal.threads.Listing$Entry internal.threads.LiveTasks
            internal.threads.Machine internal.threads.Native internal.threads.Native$Shape internal.threads.Outcome
            internal.threads.Outcome$Effort internal.threads.Processor internal.threads.Program
            internal.threads.Program$Row internal.threads.Refusals internal.threads.Round internal.threads.Round$Ask
            internal.threads.Signal internal.threads.Syscall internal.threads.TaskDirectory internal.threads.TaskStat
            internal.threads.Tasks
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
