namespace OptDsl.Benchmarks;

/// <summary>The competitors that this machine has.</summary>
internal sealed class Rivals : IDisposable
{
    internal Rivals(bool torch)
    {
        C = RivalLibrary.Build(out string reason);
        NoC = reason;
        Blas = OpenBlas.Load();
        Torch = torch ? TorchRival.Start() : null;
    }

    internal RivalLibrary? C { get; }

    /// <summary>Why there is no C.</summary>
    internal string NoC { get; }

    internal OpenBlas? Blas { get; }

    internal TorchRival? Torch { get; }

    public void Dispose()
    {
        C?.Delete();
        Torch?.Dispose();
    }
}
