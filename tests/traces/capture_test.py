# SPDX-License-Identifier: Apache-2.0
"""A captured run, read back and compared with gradients taken without the capture."""
import copy
import os
import sys
import tempfile
import unittest

try:
    import h5py
    import numpy
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    print(f'skipped: {error}')
    sys.exit(77)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                '..', '..', 'traces', 'capture'))
import fashion_mnist
from tessera_capture import Capture, CaptureError

BATCH, KEEP, STEPS, SCALE = 4, 2, 3, 1024
CONV = {'kind': 'conv2d', 'in_channels': 2, 'out_channels': 3, 'in_height': 6, 'in_width': 5,
        'out_height': 3, 'out_width': 5, 'kernel_height': 3, 'kernel_width': 1,
        'stride_height': 2, 'stride_width': 1, 'pad_height': 1, 'pad_width': 0}
LINEAR = {'kind': 'linear', 'in_channels': 45, 'out_channels': 4, 'in_height': 1, 'in_width': 1,
          'out_height': 1, 'out_width': 1, 'kernel_height': 1, 'kernel_width': 1,
          'stride_height': 1, 'stride_width': 1, 'pad_height': 0, 'pad_width': 0}


class Net(nn.Module):
    """Declared in the other order than called, with a ReLU in place on the captured output."""

    def __init__(self, **options):
        super().__init__()
        self.last = nn.Linear(45, 4)
        self.first = nn.Conv2d(2, 3, (3, 1), (2, 1), (1, 0), **options)

    def forward(self, x):
        return self.last(functional.relu(self.first(x), inplace=True).flatten(1))


def batches(count=STEPS):
    generator = torch.Generator().manual_seed(7)
    return [(torch.randn(BATCH, 2, 6, 5, generator=generator),
             torch.randint(4, (BATCH,), generator=generator)) for _ in range(count)]


def update(model, scale):
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter -= 0.1 * parameter.grad / scale


def train(capture, model, data):
    for images, labels in data:
        model.zero_grad()
        with capture.step() as step:
            logits = model(images)
            loss = functional.cross_entropy(logits, labels)
            (loss * SCALE).backward()
            step.result(loss, fashion_mnist.accuracy(logits, labels))
        update(model, SCALE)


def recomputed(model, images, labels):
    """The step once more by torch.autograd.grad: no hooks and no loss scale."""
    first = functional.conv2d(images, model.first.weight, model.first.bias, (2, 1), (1, 0))
    hidden = functional.relu(first).flatten(1)
    last = functional.linear(hidden, model.last.weight, model.last.bias)
    loss = functional.cross_entropy(last, labels)
    gradients = torch.autograd.grad(loss, [first, last])
    tensors = [{'X': images, 'W': model.first.weight, 'dY': gradients[0]},
               {'X': hidden, 'W': model.last.weight, 'dY': gradients[1]}]
    return loss, last, [{key: value.detach().numpy().copy() for key, value in layer.items()}
                        for layer in tensors]


class CaptureTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, 'run.h5')
        torch.manual_seed(3)
        torch.set_num_threads(1)

    def capture(self, model, **options):
        return Capture(self.path, model, **{'at': [0, 2], 'keep': KEEP, 'loss_scale': SCALE,
                                            'command': 'made by a test', **options})

    def run_net(self, model, data, **options):
        with self.capture(model, **options) as capture:
            train(capture, model, data)
            capture.finish(0.75)

    def fails(self, message, model, data=None, **options):
        with self.assertRaisesRegex(CaptureError, message):
            self.run_net(model, batches() if data is None else data, **options)
        self.assertEqual(os.listdir(self.folder.name), [])

    def same(self, dataset, expected):
        self.assertEqual(dataset.dtype, numpy.dtype('<f4'))
        self.assertEqual(dataset.shape, expected.shape)
        self.assertEqual((dataset.compression, dataset.shuffle), ('gzip', True))
        numpy.testing.assert_array_equal(dataset[()], expected)

    def test_layout_and_values(self):
        model = Net()
        other = copy.deepcopy(model)
        self.run_net(model, batches(), dataset='noise', model_name='net', seed=3, script='s.py')
        self.assertEqual(os.listdir(self.folder.name), ['run.h5'])
        with h5py.File(self.path) as file:
            self.assertEqual(dict(file.attrs), {
                'tessera_trace': 1, 'framework': 'pytorch',
                'framework_version': str(torch.__version__), 'script': 's.py',
                'command': 'made by a test', 'dataset': 'noise', 'model': 'net',
                'quantization': 'none', 'seed': 3, 'batch': BATCH, 'kept': KEEP, 'steps': STEPS,
                'test_accuracy': 0.75})
            self.assertEqual(file.attrs['test_accuracy'].dtype, numpy.float64)
            self.assertEqual(sorted(file), ['grad_max', 'layers', 'loss', 'steps'])
            self.assertEqual(sorted(file['layers']), ['000', '001'])
            self.assertEqual(dict(file['layers/000'].attrs), {'name': 'first', **CONV})
            self.assertEqual(dict(file['layers/001'].attrs), {'name': 'last', **LINEAR})
            self.assertEqual(sorted(file['steps']), ['000000', '000002'])
            losses, largest = [], []
            for number, (images, labels) in enumerate(batches()):
                other.zero_grad()
                loss, logits, layers = recomputed(other, images, labels)
                losses.append(float(loss))
                largest.append([numpy.abs(layer['dY']).max() for layer in layers])
                if number in (0, 2):
                    group = file[f'steps/{number:06d}']
                    self.assertEqual(dict(group.attrs), {
                        'loss': float(loss), 'loss_scale': SCALE,
                        'accuracy': fashion_mnist.accuracy(logits, labels)})
                    self.assertTrue(all(v.dtype == numpy.float64 for v in group.attrs.values()))
                    self.assertEqual(sorted(group), ['000', '001'])
                    for index, layer in enumerate(layers):
                        saved = group[f'{index:03d}']
                        self.assertEqual(sorted(saved), ['W', 'X', 'dY'])
                        self.assertEqual(dict(saved.attrs), {})
                        self.same(saved['X'], layer['X'][:KEEP])
                        self.same(saved['W'], layer['W'])
                        self.same(saved['dY'], layer['dY'][:KEEP])
                functional.cross_entropy(other(images), labels).backward()
                update(other, 1)
            self.same(file['grad_max'], numpy.array(largest, numpy.float32))
            self.same(file['loss'], numpy.array(losses, numpy.float32))

    def test_same_run_same_bytes(self):
        files = []
        for _ in range(2):
            torch.manual_seed(3)
            self.run_net(Net(), batches())
            with open(self.path, 'rb') as file:
                files.append(file.read())
        self.assertEqual(*files)

    def test_quantized_layers_show_their_input_unquantized(self):
        model = fashion_mnist.ResNet(True)
        images, labels = torch.rand(BATCH, 1, 28, 28), torch.arange(BATCH)
        self.run_net(model, [(images, labels)], at=[0], quantization='sawb+pact')
        with h5py.File(self.path) as file:
            self.assertEqual(file.attrs['quantization'], 'sawb+pact')
            names = [layer.attrs['name'] for layer in file['layers'].values()]
            self.assertEqual([names[0], names[-1], len(names)], ['stem', 'classifier', 11])
            self.same(file['steps/000000/000/X'], images[:KEEP].numpy())
            for layer in file['steps/000000'].values():
                alpha = layer.attrs['pact_alpha']
                self.assertEqual(alpha.dtype, numpy.float64)
                values = layer['X'][()]
                self.assertTrue(0 <= values.min() and values.max() <= alpha)
                self.assertGreater(len(numpy.unique(values)), 16)

    def test_fake_quantization_levels(self):
        weight = torch.randn(200)
        levels = fashion_mnist.sawb(weight)
        clip = float(12.035 * (weight ** 2).mean().sqrt() - 12.03 * weight.abs().mean())
        self.assertEqual(len(levels.unique()), 15)
        self.assertAlmostEqual(float(levels.max()), clip, places=5)
        x = torch.tensor([-1.0, 0.09, 0.11, 2.0, 9.0], requires_grad=True)
        pact = fashion_mnist.Pact(3.0)
        y = fashion_mnist.Levels.apply(pact(x), pact.alpha.detach() / 15, 0, 15)
        y.sum().backward()
        numpy.testing.assert_allclose(y.detach(), [0, 0, 0.2, 2, 3], rtol=1e-6)
        numpy.testing.assert_array_equal(x.grad, [0, 1, 1, 1, 0])
        self.assertEqual(float(pact.alpha.grad), 1)

    def test_passes_outside_a_step_are_not_seen(self):
        model = Net()
        with self.capture(model, at=[0]) as capture:
            model(torch.zeros(1, 2, 6, 5))
            train(capture, model, batches(1))
            model(torch.zeros(1, 2, 6, 5))
            capture.finish(0)
        with h5py.File(self.path) as file:
            self.assertEqual(file.attrs['steps'], 1)

    def test_unsupported_layers(self):
        self.fails('first: dilation=', Net(dilation=(1, 2)))
        self.fails("first: padding_mode=", Net(padding_mode='circular'))
        for layer, message in ((nn.Conv2d(2, 2, 3, groups=2), '0: groups=2'),
                               (nn.Conv2d(2, 2, 3, padding='same'), "0: padding='same'"),
                               (nn.Conv1d(2, 2, 3), '0: Conv1d'),
                               (nn.ConvTranspose2d(2, 2, 3), '0: ConvTranspose2d'),
                               (nn.Linear(2, 2).double(), '0: W is torch.float64')):
            self.fails(message, nn.Sequential(layer))
        self.fails('no convolution and no linear', nn.Sequential(nn.ReLU()))

    def test_bad_steps(self):
        images, labels = batches(1)[0]
        spoilt = Net()
        spoilt.last.weight.data[0, 0] = float('nan')
        self.fails('step 0: last: dY has a NaN', spoilt)
        model = Net()
        self.fails('step 1: first: a batch of 3, not 4', model,
                   [(images, labels), (images[:3], labels[:3])])
        frozen = Net()
        frozen.first.requires_grad_(False)
        self.fails('step 0: first: its output takes no gradient', frozen)
        shared = nn.Linear(4, 4)
        flat = [(torch.randn(BATCH, 4), labels)]
        self.fails('step 0: 0: called twice', nn.Sequential(shared, nn.ReLU(), shared), flat)
        self.fails('step 0: 0: input of 3 dimensions, not 2',
                   nn.Sequential(nn.Linear(4, 4)), [(torch.randn(BATCH, 4, 4), labels)])
        unused = Net()
        unused.extra = nn.Linear(4, 4)
        self.fails('step 0: extra: the forward pass did not call it', unused)

    def test_wrong_dtype(self):
        half = nn.Sequential(nn.Linear(4, 4))
        with self.assertRaisesRegex(CaptureError, 'step 0: 0: Y is torch.bfloat16'):
            with self.capture(half) as capture, capture.step():
                with torch.autocast('cpu', torch.bfloat16):
                    half(torch.randn(BATCH, 4))

    def test_bad_runs(self):
        self.fails('steps \\[9\\] were to be captured, the run has 3', Net(), at=[0, 9])
        self.fails('the run has no step', Net(), [], at=[])
        self.fails('loss_scale=1000 is not a power of two', Net(), loss_scale=1000)
        self.fails('keep=5 of a batch of 4', Net(), keep=5)
        self.fails('keep=0', Net(), keep=0)
        with self.assertRaisesRegex(CaptureError, 'without finish'):
            with self.capture(Net()):
                pass
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_incomplete_steps(self):
        x, labels = batches(1)[0]
        for message, backward, result in (('first: no gradient came back', 0, True),
                                          ('no result', 1, False),
                                          ('two backward passes', 2, True)):
            model = Net()
            with self.assertRaisesRegex(CaptureError, 'step 0: .*' + message):
                with self.capture(model) as capture, capture.step() as step:
                    loss = functional.cross_entropy(model(x), labels)
                    for _ in range(backward):
                        loss.backward(retain_graph=True)
                    if result:
                        step.result(loss, 0)


class ShippedTest(unittest.TestCase):
    """The samples in traces/ hold together."""

    def check(self, name, quantization):
        folder = os.path.join(os.path.dirname(fashion_mnist.__file__), '..')
        with h5py.File(os.path.join(folder, name)) as file:
            attributes = dict(file.attrs)
            self.assertEqual(attributes['tessera_trace'], 1)
            self.assertEqual(attributes['quantization'], quantization)
            self.assertGreater(attributes['test_accuracy'], 0.86)
            layers = [dict(layer.attrs) for layer in file['layers'].values()]
            kernels = {layer['kernel_height'] for layer in layers if layer['kind'] == 'conv2d'}
            self.assertEqual(kernels, {1, 3})
            grad_max = file['grad_max'][()]
            self.assertEqual(grad_max.shape, (attributes['steps'], len(layers)))
            self.assertEqual(file['loss'].shape, (attributes['steps'],))
            self.assertEqual(len(file['steps']), 3)
            for number, step in file['steps'].items():
                self.assertEqual(file['loss'][int(number)], numpy.float32(step.attrs['loss']))
                for index, layer in enumerate(layers):
                    saved = step[f'{index:03d}']
                    self.assertEqual('pact_alpha' in saved.attrs, quantization == 'sawb+pact')
                    self.assertEqual(len(saved['X']), attributes['kept'])
                    self.assertLessEqual(saved['X'][()].max(), saved.attrs.get('pact_alpha', 1e3))
                    self.assertLessEqual(abs(saved['dY'][()]).max(), grad_max[int(number), index])

    def test_fp32(self):
        self.check('fashion_mnist_fp32.h5', 'none')

    def test_sawb_pact(self):
        self.check('fashion_mnist_sawb_pact.h5', 'sawb+pact')


if __name__ == '__main__':
    unittest.main()
