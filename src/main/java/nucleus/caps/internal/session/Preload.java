package nucleus.caps.internal.session;

/**
 * Loads every class of this library that a change, its verification or exec may need. After a change of the uid the class
 * files may be unreadable, and a verification whose classes cannot be loaded proves nothing. The list omits classes that a
 * drop never uses, classes of the bindings whose functions are called through the generic downcall, and the event of a flight
 * recording, which {@link Flight} loads.
 */
public final class Preload {

    /** Nested classes have the names of their class files. A test compares this list with the existing files. */
    private static final String CLASSES =
            """
                    Advice Advice$Kind
                    Capability CapabilitySet CapabilitySets CapabilitySets$1 Caps Caps$Linux CapsException Credentials
                    Credentials$Ids Iab Identity Mode Phase Options Phase$Applied Phase$BoundingDropped Phase$Dropped
                    Phase$Ended Phase$IdentitySwitched Phase$Initial Phases Phases$AppliedPhase BasePhase
                    Phases$BoundingDroppedPhase Phases$DroppedPhase EndedPhase Phases$IdentitySwitchedPhase
                    Phases$InitialPhase Scope SecureBit SecureBits SetKind ThreadCaps ThreadStatus VerificationException
                    VerificationException$Difference
                    internal.advice.Code internal.advice.CodePath internal.advice.Descriptor internal.advice.Findings
                    internal.advice.Home internal.advice.JavaOptions internal.advice.Jvm internal.advice.Limit
                    internal.advice.LockedMemory
                    internal.advice.Management internal.advice.NewFiles internal.advice.NewUser internal.advice.OpenFiles
                    internal.advice.ProcessLimit internal.advice.StandardStreams internal.advice.TemporaryDirectories
                    internal.advice.Terminal internal.advice.WorkingDirectory
                    internal.ffi.linux_caps_h internal.ffi.linux_caps_h$getgrouplist internal.ffi.linux_caps_h$getpwnam_r
                    internal.ffi.passwd internal.ffi.seccomp_data internal.ffi.sock_filter internal.ffi.sock_fprog
                    internal.kernel.Access internal.kernel.Attempt internal.kernel.ChangeCalls internal.kernel.ChangeCalls$Row
                    internal.kernel.DeathSignal internal.kernel.EveryThread internal.kernel.HandOver internal.kernel.HandOver$Open
                    internal.kernel.OtherUser
                    internal.kernel.Failure internal.kernel.Judgement internal.kernel.Kernel
                    internal.kernel.LinuxKernel internal.kernel.Questions internal.kernel.Rings internal.kernel.RoundResult internal.kernel.Scout internal.kernel.Seccomp
                    internal.kernel.ThisThread internal.kernel.UserDatabase internal.kernel.UserDatabase$Lookup
                    internal.kernel.Witness
                    internal.launch.Descriptors internal.launch.Descriptors$Pipe internal.launch.Exec internal.launch.ExecCall
                    internal.launch.FileHead internal.launch.Instruction
                    internal.launch.Instruction$Bytes internal.launch.Instruction$Filter internal.launch.Instruction$Message internal.launch.Instruction$Operand internal.launch.Instruction$Own
                    internal.launch.Instruction$Value internal.launch.Instructions internal.launch.Interpreter
                    internal.launch.KeptDescriptors internal.launch.PathSearch internal.launch.ProgramFile
                    internal.plan.Confirmation internal.plan.Course internal.plan.Draft internal.plan.Modes internal.plan.Planner internal.plan.Target
                    internal.plan.Transition internal.plan.Verdict internal.plan.Verifier
                    internal.proc.Filters internal.proc.Hidden internal.proc.IdMaps internal.proc.JavaNames internal.proc.JavaNames$Caller internal.proc.Proc
                    internal.proc.ProcFiles internal.proc.ProcFiles$Names internal.proc.StatusFile internal.proc.ThreadEnd
                    internal.rules.Change internal.rules.Change$AdjustCaps internal.rules.Change$CapSet
                    internal.rules.Change$DropBounding internal.rules.Change$Each
                    internal.rules.Change$KeepCaps internal.rules.Change$LowerAmbient internal.rules.Change$NoNewPrivs
                    internal.rules.Change$RaiseAmbient internal.rules.Change$SetGid internal.rules.Change$SetGroups
                    internal.rules.Change$SetSecureBits internal.rules.Change$SetUid internal.rules.Effects internal.rules.Plan
                    internal.rules.Plan$Step internal.rules.Refusal internal.rules.Refusal$Refused internal.rules.Rules
                    internal.rules.Rules$Judge internal.rules.UidFixup internal.rules.UserNamespace
                    internal.rules.UserNamespace$Range
                    internal.session.Checks internal.session.Flight internal.session.Halt internal.session.Headroom internal.session.Log internal.session.Log$Chosen
                    internal.session.Log$Writer internal.session.Log4jSink internal.session.OwnerThread
                    internal.session.Preload internal.session.Session internal.session.Sink
                    internal.session.StandardErrorSink internal.session.SystemSink
                    internal.sys.CString internal.sys.ChangeLock internal.sys.Call internal.sys.Call$Argument internal.sys.Call$Input
                    internal.sys.Call$Memory internal.sys.Call$Own internal.sys.Call$Value internal.sys.CapabilityAttribute
                    internal.sys.CallerState internal.sys.CapabilityAttribute$Operation internal.sys.Cause
                    internal.sys.Cause$Kind internal.sys.Denial internal.sys.FileStatus internal.sys.FilterProgram
                    internal.sys.FilterProgram$Instruction internal.sys.Downcall internal.sys.Downcall$Shape
                    internal.sys.Errno internal.sys.NewMapping internal.sys.Platform internal.sys.ProcessCalls internal.sys.Syscall internal.sys.Syscalls
                    internal.sys.Syscalls$CapData internal.sys.Syscalls$Copies internal.sys.VfsCapData
                    internal.text.CapabilityList internal.text.CapabilityNames internal.text.ForeignWord internal.text.IabText
                    internal.text.IabText$Parser internal.text.Levenshtein internal.text.Numbers internal.text.Quoted internal.text.Scanner
                    internal.text.ThreadNames
                    internal.threads.AllThreads internal.threads.Answer internal.threads.Ask internal.threads.Asks internal.threads.ControlBlock internal.threads.Handler
                    internal.threads.LibC internal.threads.LiveTasks internal.threads.Machine internal.threads.Outcome
                    internal.threads.Outcome$Effort internal.threads.Processor internal.threads.Program
                    internal.threads.Program$Row internal.threads.Round internal.threads.Signal internal.threads.Silence
                    internal.threads.TaskDirectory internal.threads.TaskListing internal.threads.TaskListing$Entry
                    internal.threads.TaskStat internal.threads.Tasks
                    """;

    private Preload() {
    }

    /** Loads the classes. Their users link them. */
    static void everything() {
        for (String name : classes()) {
            try {
                Class.forName("nucleus.caps." + name, false, Preload.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("a class of this library is missing: " + name, e);
            }
        }
    }

    public static String[] classes() {
        return CLASSES.strip().split("[ \n]+");
    }
}
