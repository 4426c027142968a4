namespace OptDsl.Benchmarks;

/// <summary>The competitors that this machine has.</summary>
internal sealed class Rivals : IDisposable
{
    internal Rivals(bool torch, bool numpy)
    {
        C = RivalLibrary.Build(out string reason);
        NoC = reason;
        Blas = OpenBlas.Load();
        Torch = torch ? PythonRival.Start("torch_rival.py") : null;
        Numpy = numpy ? PythonRival.Start("numpy_rival.py") : null;
    }

    internal RivalLibrary? C { get; }

    /// <summary>Why there is no C.</summary>
    internal string NoC { get; }

    internal OpenBlas? Blas { get; }

    internal PythonRival? Torch { get; }

    internal PythonRival? Numpy { get; }

    public void Dispose()
    {
        C?.Delete();
        Torch?.Dispose();
        Numpy?.Dispose();
    }
}
