namespace OptDsl.Generator.Model;

/// <summary>What an attribute on a parameter binds it to.</summary>
internal enum ExtraKind
{
    PerParameter,
    PerTensor,
    Gaussian,
    Uniform,
    Rademacher,
    GradientAt,
}

/// <summary>An input that an attribute declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extra">What it is.</param>
/// <param name="Scope">For a draw, what it is one of.</param>
/// <param name="Member">For a gradient, the member it is taken at; else -1.</param>
internal readonly record struct ExtraSpec(string Name, ExtraKind Extra, ScopeKind Scope, int Member)
{
    internal bool IsNoise => Extra is ExtraKind.Gaussian or ExtraKind.Uniform or ExtraKind.Rademacher;

    internal Kind Kind => Extra == ExtraKind.PerTensor ? Kind.Tensor : IsNoise ? ReductionSpec.KindOf(Scope) : Kind.Parameter;
}
