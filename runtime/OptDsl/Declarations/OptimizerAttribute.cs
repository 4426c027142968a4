namespace OptDsl;

/// <summary>Declares a sealed partial class or record as an update rule. The generator emits its kernel.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class OptimizerAttribute : Attribute
{
    /// <summary>How the kernel rounds; <see cref="Arithmetic.Strict"/> by default.</summary>
    public Arithmetic Arithmetic { get; set; }
}
